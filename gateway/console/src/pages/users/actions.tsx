import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '../../api/client';
import { Confirm } from '../../app/Confirm';
import { CopyIcon } from '../../app/icons';

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
  const [isCopied, setCopied] = useState(false);
  return (
    <>
      <Typography>{t('users.resetDone')}</Typography>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 2, my: 2 }}>
        <Typography component="code" sx={{ fontFamily: 'monospace', fontSize: '1.2rem' }}>
          {secret}
        </Typography>
        <Button startIcon={<CopyIcon />} onClick={() => void navigator.clipboard.writeText(secret).then(() => setCopied(true))}>
          {t(isCopied ? 'action.copied' : 'action.copy')}
        </Button>
      </Box>
    </>
  );
}

/** Invites a user who has an account to it, by e-mail or SMS (INV-14); says why not, where it can't be (INV-15). */
export function SendInvitation({ of, close }: ActionProps) {
  const { t } = useTranslation();
  return (
    <Confirm
      title={t('users.invite')}
      submit={t('users.invite')}
      close={close}
      run={() => body(api.POST('/api/v1/users/invitations', { body: { userIds: [of.id], filter: null, channel: 'email' } }))}
      result={({ refused }) => (refused[0] ? <Alert severity="warning">{refused[0].detail}</Alert> : <Alert severity="success">{t('users.invited', { email: of.email })}</Alert>)}
    >
      <Typography>{t('users.inviteHow', { email: of.email })}</Typography>
    </Confirm>
  );
}
