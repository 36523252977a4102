import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { api, body } from '../../api/client';
import { Logs } from '../../app/Logs';
import { Heading } from '../../app/Page';
import { Section } from '../../app/Section';
import { useProfile } from '../../app/session';
import { NotShown } from '../../app/Shown';
import { Parts } from '../../app/Tabbed';
import { NotFound } from '../Errors';
import { Details } from './Details';
import { OwnInvitations } from './OwnInvitations';
import { Privacy } from './Privacy';
import { Security } from './Security';

const parts = ['details', 'security', 'privacy', 'invitations', 'log'] as const;

/** One's own account (USR-09). */
export function Page() {
  const { t } = useTranslation();
  const part = useParams().part ?? 'details';
  const profile = useProfile();
  if (!parts.some((one) => one === part)) return <NotFound />;
  if (!profile.data) return <NotShown of={profile} />;
  const me = profile.data;
  return (
    <>
      <Heading>{`${me.firstName} ${me.lastName}`}</Heading>
      <Parts name={t('shell.account')} at={`/profile/${part}`} of={parts.map((one) => [`/profile/${one}`, t(`me.${one}`)] as const)} />
      {part === 'details' && <Details of={me} />}
      {part === 'security' && <Security />}
      {part === 'privacy' && <Privacy />}
      {part === 'invitations' && <OwnInvitations />}
      {part === 'log' && (
        <Section title={t('me.logHow')}>
          <Logs of={['me']} load={(page) => body(api.GET('/api/v1/me/logs', { params: { query: { page, pageSize: 50 } as never } }))} />
        </Section>
      )}
    </>
  );
}
