import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Typography from '@mui/material/Typography';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, versioned, type Schema } from '../../api/client';
import { AwaitsApproval } from '../../app/Approval';
import { Confirm } from '../../app/Confirm';
import { Field, Form } from '../../app/Form';
import { LanguageChoice } from '../../app/LanguageChoice';
import { useOnce } from '../../app/once';
import { changesOf, Citizenship, Names, yesNo } from '../../app/person';
import { Shown } from '../../app/Shown';
import { SidePanel } from '../../app/SidePanel';

export type Invitation = Schema['InvitationView'];
export type Act = 'approve' | 'reject' | 'edit' | 'resend' | 'revoke';

/** Whether it goes out only once a second person has approved it (INV-23). */
export const awaitsApproval = ({ status, approval }: Invitation) => status === 'requested' && approval?.status === 'awaited';

/** What a reader can do with an invitation as it stands; nobody approves their own. */
export function actsOf(one: Invitation, me: { id: string }): readonly Act[] {
  switch (one.status) {
    case 'requested':
      return [...(awaitsApproval(one) && one.sentBy.id !== me.id ? (['approve', 'reject'] as const) : []), 'edit', 'revoke'];
    case 'waiting':
      return ['edit', 'revoke'];
    case 'pending':
      return ['edit', 'resend', 'revoke'];
    case 'expired':
      return ['edit', 'resend'];
    default:
      return [];
  }
}

/** How an invitation stands; one that waits for a second person stands out. */
export function StatusOf({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation();
  return awaitsApproval(invitation) ? <AwaitsApproval /> : t(`status.${invitation.status}`, { defaultValue: invitation.status });
}

/** Does it, with a question or a form before. */
export function Acting({ what, on, close }: { what: Act; on: Invitation; close: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const once = useOnce();
  const params = { path: { id: on.id } };
  const done = () => queries.invalidateQueries({ queryKey: ['invitations'] });
  const closed = () => {
    close();
    void done();
  };
  if (what === 'edit')
    return (
      <SidePanel title={t('invitations.edit')} close={close}>
        <Edit id={on.id} done={closed} />
      </SidePanel>
    );
  if (what === 'reject')
    return (
      <Dialog open onClose={close} aria-labelledby="reject">
        <DialogTitle id="reject">{t('invitations.reject')}</DialogTitle>
        <DialogContent>
          <Form
            values={{ reason: '' }}
            submit={t('invitations.reject')}
            send={async ({ reason }) => {
              await api.POST('/api/v1/invitations/{id}/reject', { params, body: { reason: reason.trim() || null } });
              closed();
            }}
            beside={<Button onClick={close}>{t('action.cancel')}</Button>}
          >
            <Typography sx={{ overflowWrap: 'anywhere' }}>{t('invitations.rejectHow', { email: on.email })}</Typography>
            <Field name="reason" label={t('registration.reason')} rows={2} />
          </Form>
        </DialogContent>
      </Dialog>
    );
  return (
    <Confirm
      title={t(`invitations.${what}`)}
      submit={t(`invitations.${what}`)}
      close={close}
      run={async () => {
        try {
          await (what === 'approve'
            ? api.POST('/api/v1/invitations/{id}/approve', { params })
            : what === 'resend'
              ? once((headers) => api.POST('/api/v1/invitations/{id}/resend', { params, headers }))
              : api.POST('/api/v1/invitations/{id}/revoke', { params }));
        } finally {
          // Refused, it may stand differently too: what was approved may find no seat.
          await done();
        }
      }}
    >
      <Typography sx={{ overflowWrap: 'anywhere' }}>{t(`invitations.${what}How`, { email: on.email })}</Typography>
    </Confirm>
  );
}

/** What can be changed of it, as it is now (INV-07). */
function Edit({ id, done }: { id: string; done: () => void }) {
  const params = { path: { id } };
  const invitation = useQuery({ queryKey: ['invitations', id, 'edited'], queryFn: () => versioned(api.GET('/api/v1/invitations/{id}', { params })), gcTime: 0, refetchOnWindowFocus: false });
  return <Shown of={invitation}>{({ data, version }) => <EditForm of={data} version={version} done={done} />}</Shown>;
}

function EditForm({ of, version, done }: { of: Invitation; version: string; done: () => void }) {
  const { t } = useTranslation();
  const before = {
    firstName: of.firstName, lastName: of.lastName, swedishCitizen: yesNo(of.swedishCitizen), euCitizen: yesNo(of.euCitizen), personalNumber: of.personalNumber ?? '',
    lmaNumber: of.lmaNumber ?? '', phone: of.phone ?? '', gender: of.gender ?? '', language: of.language ?? '',
  };
  const canChange = (field: string) => of.changeable?.includes(field);
  return (
    <Form
      values={before}
      submit={t('action.save')}
      send={async (typed) => {
        await api.PATCH('/api/v1/invitations/{id}', { params: { path: { id: of.id } }, headers: { 'If-Match': version }, body: (await changesOf(before, typed)) as never });
        done();
      }}
    >
      {canChange('firstName') ? <Names /> : <Typography>{t('invitations.ofAccount')}</Typography>}
      <LanguageChoice />
      {canChange('personalNumber') && <Citizenship />}
    </Form>
  );
}
