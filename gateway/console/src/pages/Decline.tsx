import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogContent from '@mui/material/DialogContent';
import DialogContentText from '@mui/material/DialogContentText';
import DialogTitle from '@mui/material/DialogTitle';
import { useTranslation } from 'react-i18next';
import * as z from 'zod/mini';
import { api } from '../api/client';
import { Field, Form } from '../app/Form';

const schema = z.object({ reason: z.string() });

/** Says no to what a link offers, and why, if one wants to (INV-26). */
export function Decline({ token, done, close }: { token: string; done: () => void; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open onClose={close} aria-labelledby="decline">
      <DialogTitle id="decline">{t('registration.declineTitle')}</DialogTitle>
      <DialogContent>
        <DialogContentText sx={{ mb: 2 }}>{t('registration.declineHow')}</DialogContentText>
        <Form
          schema={schema}
          values={{ reason: '' }}
          submit={t('registration.decline')}
          send={async ({ reason }) => {
            await api.POST('/api/v1/registrations/{token}/decline', { params: { path: { token } }, body: { reason: reason.trim() || null } });
            done();
          }}
          beside={<Button onClick={close}>{t('action.cancel')}</Button>}
        >
          <Field name="reason" label={t('registration.reason')} rows={2} />
        </Form>
      </DialogContent>
    </Dialog>
  );
}
