import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { api, body } from '../api/client';

/** While typing, whether the address or the name is taken, and which name would be free (INV-18). */
export function Availability() {
  const { t } = useTranslation();
  const { watch } = useFormContext<{ email: string; username: string }>();
  const typed = watch(['email', 'username']).map((one) => one.trim());
  const [asked, setAsked] = useState(['', '']);
  const now = typed.join(' ');
  useEffect(() => {
    const pause = setTimeout(() => setAsked(now.split(' ')), 400);
    return () => clearTimeout(pause);
  }, [now]);
  const [email = '', username = ''] = asked;
  const { data } = useQuery({
    queryKey: ['availability', email, username],
    queryFn: () => body(api.GET('/api/v1/users/availability', { params: { query: { email: email || undefined, username: username || undefined } as never } })),
    enabled: email.includes('@') || username !== '',
  });
  if (data?.email?.available === false) return data.email.reason ?? t('invitations.emailTaken');
  if (data?.username?.available === false) return `${data.username.reason ?? t('invitations.usernameTaken')} ${data.proposals.join(', ')}`;
  if (data?.username?.available) return t('invitations.usernameFree');
  return data?.proposals[0] ? t('invitations.usernameProposed', { username: data.proposals[0] }) : t('invitations.usernameHow');
}
