import Box from '@mui/material/Box';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { api, body } from '../../api/client';
import { Heading } from '../../app/Page';
import { Section } from '../../app/Section';
import { useMe } from '../../app/session';
import { NotShown } from '../../app/Shown';
import { Steps, useIdentity } from './Steps';

/** Registers the personal information of somebody who has an account; whoever may is believed, so that it is validated with it (IDN-02). */
export function Page() {
  const { t } = useTranslation();
  const id = useParams().id!;
  const isAdmin = useMe().data!.systemRole === 'systemAdmin';
  const identity = useIdentity(id);
  const user = useQuery({ queryKey: ['users', id], queryFn: () => body(api.GET('/api/v1/users/{id}', { params: { path: { id } } })), enabled: isAdmin });
  if (!identity.data || (isAdmin && !user.data)) return <NotShown of={identity.data ? user : identity} />;
  const person = user.data ?? identity.data.person!;
  return (
    <>
      <Heading>{`${person.firstName} ${person.lastName}`}</Heading>
      <Box sx={{ maxWidth: 640 }}>
        <Section title={t('identity.register')}>
          <Steps of={{ id, known: person }} />
        </Section>
      </Box>
    </>
  );
}
