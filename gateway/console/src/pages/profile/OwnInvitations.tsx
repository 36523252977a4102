import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Typography from '@mui/material/Typography';
import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, type Schema } from '../../api/client';
import { DataList } from '../../app/DataList';
import { reasonOf } from '../../app/errors';
import { Field, Form } from '../../app/Form';
import { formatInstant } from '../../app/format';
import { useListState } from '../../app/list';

type Invitation = Schema['InvitationView'];

const nameOf = (one: Invitation) => [one.organization.name, one.app?.name].filter(Boolean).join(', ');

/** What the reader is invited to and has not answered yet: accepted or declined here, without the mail (INV-13, INV-26). */
export function OwnInvitations() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const state = useListState([], '');
  const invitations = useQuery({
    queryKey: ['me', 'invitations', state.query],
    queryFn: () => body(api.GET('/api/v1/invitations/mine', { params: { query: { ...state.query, sort: undefined } as never } })),
    placeholderData: keepPreviousData,
  });
  const [declining, setDeclining] = useState<Invitation>();
  const [answered, setAnswered] = useState<string>();
  const done = (text: string) => {
    setAnswered(text);
    setDeclining(undefined);
    void queries.invalidateQueries({ queryKey: ['me'] });
  };
  const accept = useMutation({
    mutationFn: (one: Invitation) => api.POST('/api/v1/invitations/{id}/acceptance', { params: { path: { id: one.id } } }),
    onMutate: () => setAnswered(undefined),
    onSuccess: ({ response }, one) => done(t(response.status === 202 ? 'me.accepting' : 'me.accepted', { what: nameOf(one) })),
  });
  const columns: GridColDef<Invitation>[] = [
    { field: 'organization', headerName: t('field.organization'), flex: 1, minWidth: 110, sortable: false, valueGetter: (_, row) => row.organization.name },
    { field: 'app', headerName: t('field.app'), flex: 1, minWidth: 100, sortable: false, valueGetter: (_, row) => row.app?.name },
    { field: 'role', headerName: t('field.role'), flex: 1, minWidth: 100, sortable: false, valueGetter: (_, row) => row.roleName ?? row.role },
    { field: 'sentBy', headerName: t('registration.invitedBy'), flex: 1, minWidth: 120, sortable: false, valueGetter: (_, row) => row.sentBy.name },
    { field: 'expiresOn', headerName: t('registration.until'), minWidth: 160, sortable: false, valueFormatter: (at: string | null) => at && formatInstant(at) },
    {
      field: 'actions', headerName: t('list.actions'), width: 190, sortable: false,
      renderCell: ({ row }) => (
        <>
          <Button loading={accept.isPending && accept.variables.id === row.id} onClick={() => accept.mutate(row)}>
            {t('registration.accept')}
          </Button>
          <Button color="error" onClick={() => setDeclining(row)}>
            {t('registration.decline')}
          </Button>
        </>
      ),
    },
  ];
  return (
    <>
      {answered && (
        <Alert severity="success" sx={{ mb: 2 }} onClose={() => setAnswered(undefined)}>
          {answered}
        </Alert>
      )}
      {accept.error && (
        <Alert severity="error" sx={{ mb: 2 }}>
          {reasonOf(accept.error, t)}
        </Alert>
      )}
      <DataList name={t('me.invitations')} state={state} columns={columns} narrow={['organization', 'actions']} rows={invitations} isSearched={false} none={t('me.noInvitations')} />
      {declining && (
        <Dialog open onClose={() => setDeclining(undefined)} aria-labelledby="decline">
          <DialogTitle id="decline">{t('registration.declineTitle')}</DialogTitle>
          <DialogContent>
            <Form
              values={{ reason: '' }}
              submit={t('registration.decline')}
              send={async ({ reason }) => {
                await api.POST('/api/v1/invitations/{id}/decline', { params: { path: { id: declining.id } }, body: { reason: reason.trim() || null } });
                done(t('me.declined', { what: nameOf(declining) }));
              }}
              beside={<Button onClick={() => setDeclining(undefined)}>{t('action.cancel')}</Button>}
            >
              <Typography>{t('me.declineHow', { what: nameOf(declining) })}</Typography>
              <Field name="reason" label={t('registration.reason')} rows={2} />
            </Form>
          </DialogContent>
        </Dialog>
      )}
    </>
  );
}
