import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Typography from '@mui/material/Typography';
import { useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, body } from '../../api/client';
import { Confirm } from '../../app/Confirm';
import { CopyButton } from '../../app/CopyButton';
import { Field, Form } from '../../app/Form';

export interface Person {
  id: string;
  firstName: string;
  lastName: string;
  email: string;
}

interface ActionProps {
  of: Person;
  close: () => void;
}

/** A temporary password, shown once; it ends all sessions of the user (USR-06). */
export function ResetPassword({ of, close }: ActionProps) {
  const { t } = useTranslation();
  return (
    <Confirm
      title={t('users.reset')}
      submit={t('users.reset')}
      close={close}
      run={() => body(api.POST('/api/v1/users/{id}/password-reset', { params: { path: { id: of.id } } }))}
      result={({ temporaryPassword }) => <Once secret={temporaryPassword} />}
    >
      <Typography>{t('users.resetHow', { email: of.email })}</Typography>
    </Confirm>
  );
}

function Once({ secret }: { secret: string }) {
  const { t } = useTranslation();
  return (
    <>
      <Typography>{t('users.resetDone')}</Typography>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 2, my: 2 }}>
        <Typography component="code" sx={{ fontFamily: 'monospace', fontSize: '1.2rem' }}>
          {secret}
        </Typography>
        <CopyButton text={secret} />
      </Box>
    </>
  );
}

/** Forgets a person for good, once their address was typed: what is erased can't be brought back (GDP-02). */
export function Anonymize({ of, close }: ActionProps) {
  const { t } = useTranslation();
  const id = useId();
  const navigate = useNavigate();
  const queries = useQueryClient();
  return (
    <Dialog open onClose={close} aria-labelledby={id}>
      <DialogTitle id={id}>{t('removal.ask', { name: `${of.firstName} ${of.lastName}` })}</DialogTitle>
      <DialogContent>
        <Form
          values={{ email: '' }}
          submit={t('users.anonymize')}
          about={{ 'email-mismatch': 'email' }}
          send={async ({ email }) => {
            await api.POST('/api/v1/users/{id}/anonymization', { params: { path: { id: of.id } }, body: { email } });
            void queries.invalidateQueries({ queryKey: ['users'] });
            void queries.invalidateQueries({ queryKey: ['removal-requests'] });
            await navigate(`/users/${of.id}/anonymization`);
          }}
          beside={<Button onClick={close}>{t('action.cancel')}</Button>}
        >
          <Typography>{t('removal.how')}</Typography>
          <Typography sx={{ overflowWrap: 'anywhere', fontWeight: 600 }}>{of.email}</Typography>
          <Field name="email" label={t('removal.type')} type="email" autoComplete="off" autoFocus />
        </Form>
      </DialogContent>
    </Dialog>
  );
}
