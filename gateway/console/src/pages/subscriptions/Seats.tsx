import Typography from '@mui/material/Typography';
import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, body, type Schema } from '../../api/client';
import { Confirm } from '../../app/Confirm';
import { DataList, Filter } from '../../app/DataList';
import { Form } from '../../app/Form';
import { formatInstant } from '../../app/format';
import { useListState } from '../../app/list';
import { needed } from '../../app/people';
import { RowMenu } from '../../app/RowMenu';
import { SearchChoice, searchMembers } from '../../app/SearchChoice';
import { SidePanel } from '../../app/SidePanel';

type Seat = Schema['ListSeatsView'];

const statuses = ['occupied', 'reserved', 'waiting'] as const;

/** Who has which seat, and who waits for one (SUB-03, SUB-04). */
export function Seats({ of, mayMove }: { of: Schema['SubscriptionView']; mayMove: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const state = useListState(['status'], 'since:asc');
  const [act, setAct] = useState<{ on: Seat; what: 'transfer' | 'takeBack' }>();
  const seats = useQuery({
    queryKey: ['subscriptions', of.id, 'seats', state.query],
    queryFn: async () => {
      const page = await body(api.GET('/api/v1/subscriptions/{id}/seats', { params: { path: { id: of.id }, query: state.query as never } }));
      return { ...page, items: page.items.map((seat) => ({ ...seat, id: seat.invitationId! })) };
    },
    placeholderData: keepPreviousData,
  });
  const changed = async () => {
    await queries.invalidateQueries({ queryKey: ['subscriptions'] });
    setAct(undefined);
  };
  const nameOf = (seat: Seat) => seat.personName ?? t('subscriptions.unnamed');
  const columns: GridColDef<Seat & { id: string }>[] = [
    { field: 'personName', headerName: t('subscriptions.holder'), flex: 1, minWidth: 120, sortable: false, valueGetter: (_, row) => nameOf(row) },
    { field: 'status', headerName: t('field.status'), minWidth: 100, flex: 1, sortable: false, valueFormatter: (status: string) => t(`subscriptions.seat.${status}`, { defaultValue: status }) },
    { field: 'since', headerName: t('subscriptions.since'), minWidth: 170, flex: 1, valueFormatter: formatInstant },
    {
      field: 'actions', headerName: t('list.actions'), width: 90, sortable: false,
      renderCell: ({ row }) => (
        <RowMenu
          of={nameOf(row)}
          actions={[
            [t('subscriptions.invitation'), () => void navigate(`/invitations/${row.invitationId}`)],
            ...(mayMove && row.status === 'occupied'
              ? [[t('subscriptions.transfer'), () => setAct({ on: row, what: 'transfer' })] as const, [t('subscriptions.takeBack'), () => setAct({ on: row, what: 'takeBack' })] as const]
              : []),
          ]}
        />
      ),
    },
  ];
  return (
    <>
      <DataList
        name={t('subscriptions.seats')}
        state={state}
        columns={columns}
        narrow={['personName', 'status', 'actions']}
        rows={seats}
        isSearched={false}
        filters={<Filter state={state} name="status" label={t('field.status')} options={statuses.map((one) => [one, t(`subscriptions.seat.${one}`)] as const)} />}
      />
      {act?.what === 'transfer' && (
        <SidePanel title={t('subscriptions.transfer')} close={() => setAct(undefined)}>
          <Typography sx={{ mb: 2 }}>{t('subscriptions.transferHow', { name: nameOf(act.on) })}</Typography>
          <Form
            schema={needed}
            values={{ userId: '' }}
            submit={t('subscriptions.transfer')}
            about={{ 'seat-held-already': 'userId', 'not-a-member': 'userId' }}
            send={async (typed) => {
              await api.POST('/api/v1/subscriptions/{id}/seats/{invitationId}/transfer', { params: { path: { id: of.id, invitationId: act.on.invitationId! } }, body: typed });
              await changed();
            }}
          >
            <SearchChoice name="userId" label={t('subscriptions.newHolder')} helperText={t('subscriptions.newHolderHow')} search={searchMembers(of.organizationId)} among={['members', of.organizationId]} autoFocus />
          </Form>
        </SidePanel>
      )}
      {act?.what === 'takeBack' && (
        <Confirm
          title={t('subscriptions.takeBack')}
          submit={t('subscriptions.takeBack')}
          close={() => setAct(undefined)}
          run={async () => {
            await api.DELETE('/api/v1/subscriptions/{id}/seats/{invitationId}', { params: { path: { id: of.id, invitationId: act.on.invitationId! } } });
            await changed();
          }}
        >
          <Typography>{t('subscriptions.takeBackHow', { name: nameOf(act.on) })}</Typography>
        </Confirm>
      )}
    </>
  );
}
