import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Skeleton from '@mui/material/Skeleton';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { api, body, Problem } from '../../api/client';
import { reasonOf } from '../../app/errors';
import { Heading } from '../../app/Page';
import { Section } from '../../app/Section';
import { NotFound } from '../Errors';
import { Steps } from './Steps';

/** Registers the personal information of somebody who has an account; whoever may is believed, so that it is validated with it (IDN-02). */
export function Page() {
  const { t } = useTranslation();
  const id = useParams().id!;
  const user = useQuery({ queryKey: ['users', id], queryFn: () => body(api.GET('/api/v1/users/{id}', { params: { path: { id } } })) });
  if (user.isPending) return <Skeleton variant="rounded" height={240} aria-label={t('error.loading')} />;
  if (user.error) return Problem.from(user.error).status === 404 ? <NotFound /> : <Alert severity="error">{reasonOf(user.error, t)}</Alert>;
  return (
    <>
      <Heading>{`${user.data.firstName} ${user.data.lastName}`}</Heading>
      <Box sx={{ maxWidth: 640 }}>
        <Section title={t('identity.register')}>
          <Steps of={{ id, known: user.data }} />
        </Section>
      </Box>
    </>
  );
}
