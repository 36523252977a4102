import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import MuiLink from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, body } from '../../api/client';
import { DataList, Filter } from '../../app/DataList';
import { formatInstant } from '../../app/format';
import { useListState } from '../../app/list';
import { useOrganizations } from '../../app/organizations';
import { Heading } from '../../app/Page';
import { RowMenu } from '../../app/RowMenu';
import { SearchFilter, searchMembers, searchUsers } from '../../app/SearchChoice';
import { useMe } from '../../app/session';
import { SidePanel } from '../../app/SidePanel';
import { useUpdates } from '../../app/updates';
import { Acting, actsOf, StatusOf, type Act, type Invitation } from './actions';
import { Invite } from './Invite';
import { InvitationsParts } from './parts';

const statuses = ['pending', 'expired', 'waiting', 'requested', 'accepted', 'declined', 'revoked', 'rejected'];

const ways = ['access', 'customer', 'workspace', 'account', 'created'];

/** The invitations of all organizations that the reader may see (INV-06). */
export function Page() {
  const { t } = useTranslation();
  const me = useMe().data!;
  const queries = useQueryClient();
  const organizations = useOrganizations();
  const state = useListState(['status', 'approval', 'organizationId', 'way', 'channel', 'sentBy'], 'firstName:asc');
  useUpdates('/invitations', 'invitations');
  const invitations = useQuery({
    queryKey: ['invitations', state.query],
    queryFn: () => body(api.GET('/api/v1/invitations', { params: { query: state.query as never } })),
    placeholderData: keepPreviousData,
  });
  const [isInviting, setInviting] = useState(false);
  const [isSent, setSent] = useState(false);
  const [act, setAct] = useState<{ on: Invitation; what: Act }>();
  // A System admin sees everybody; others see people of an organization.
  const within = me.systemRole === 'systemAdmin' ? undefined : state.filters.organizationId || (organizations.length === 1 ? organizations[0]!.id! : '');
  const yesNo = (value: boolean | null) => t(value === null ? 'value.none' : value ? 'value.yes' : 'value.no');

  const columns: GridColDef<Invitation>[] = [
    {
      field: 'firstName', headerName: t('field.firstName'), flex: 1, minWidth: 130,
      renderCell: ({ row }) => (
        <MuiLink component={Link} to={`/invitations/${row.id}`}>
          {row.firstName}
        </MuiLink>
      ),
    },
    { field: 'lastName', headerName: t('field.lastName'), flex: 1, minWidth: 125 },
    { field: 'organization', headerName: t('field.organization'), flex: 1, minWidth: 140, valueGetter: (_, row) => row.organization.name ?? organizations.find((one) => one.id === row.organization.id)?.name },
    { field: 'email', headerName: t('field.email'), flex: 2, minWidth: 190 },
    { field: 'status', headerName: t('field.status'), minWidth: 130, sortable: false, renderCell: ({ row }) => <StatusOf invitation={row} /> },
    {
      field: 'delivery', headerName: t('field.delivery'), minWidth: 130, sortable: false,
      renderCell: ({ row: { delivery } }) => (
        <div>
          {t(`delivery.${delivery.status ?? 'none'}`, { defaultValue: delivery.status })}
          {delivery.error && (
            <Typography variant="caption" color="error" component="div">
              {delivery.error}
            </Typography>
          )}
        </div>
      ),
    },
    { field: 'channel', headerName: t('field.channel'), minWidth: 90, sortable: false, valueGetter: (_, row) => t(`channel.${row.delivery.channel}`, { defaultValue: row.delivery.channel }) },
    {
      field: 'actions', headerName: t('list.actions'), width: 90, sortable: false,
      renderCell: ({ row }) =>
        actsOf(row, me).length > 0 && (
          <RowMenu of={`${row.firstName} ${row.lastName}`} actions={actsOf(row, me).map((what) => [t(`invitations.${what}`), () => setAct({ on: row, what })] as const)} />
        ),
    },
    { field: 'swedishCitizen', headerName: t('field.swedishCitizen'), width: 150, sortable: false, valueFormatter: yesNo },
    { field: 'euCitizen', headerName: t('field.euCitizen'), width: 170, sortable: false, valueFormatter: yesNo },
    { field: 'personalNumber', headerName: t('field.personalNumber'), minWidth: 150, sortable: false },
    { field: 'lmaNumber', headerName: t('field.lmaNumber'), minWidth: 130, sortable: false },
    { field: 'phone', headerName: t('field.phone'), minWidth: 120, sortable: false },
    { field: 'gender', headerName: t('field.gender'), minWidth: 80, sortable: false },
    { field: 'sentOn', headerName: t('field.sentOn'), minWidth: 160, valueFormatter: formatInstant },
    { field: 'sentBy', headerName: t('field.sentBy'), minWidth: 130, sortable: false, valueGetter: (_, row) => row.sentBy.name },
  ];

  return (
    <>
      <Heading beside={<Button variant="contained" onClick={() => setInviting(true)}>{t('invitations.invite')}</Button>}>{t('shell.invitations')}</Heading>
      <InvitationsParts at="invitations" />
      {isSent && (
        <Alert severity="success" sx={{ mb: 2 }} onClose={() => setSent(false)}>
          {t('invitations.sent')}
        </Alert>
      )}
      <DataList
        name={t('shell.invitations')}
        state={state}
        columns={columns}
        narrow={['firstName', 'status', 'actions']}
        rows={invitations}
        filters={
          <>
            <Filter state={state} name="status" label={t('field.status')} options={statuses.map((one) => [one, t(`status.${one}`)] as const)} />
            <Filter state={state} name="approval" label={t('field.approval')} options={['awaited', 'approved'].map((one) => [one, t(`approval.${one}`)] as const)} />
            <Filter state={state} name="organizationId" label={t('field.organization')} options={organizations.map((one) => [one.id!, one.name!] as const)} />
            <Filter state={state} name="way" label={t('invitations.way')} options={ways.map((one) => [one, t(`way.${one}`)] as const)} />
            <Filter state={state} name="channel" label={t('field.channel')} options={['email', 'sms'].map((one) => [one, t(`channel.${one}`)] as const)} />
            {within !== '' && (
              <SearchFilter
                key={within}
                state={state}
                name="sentBy"
                label={t('field.sentBy')}
                search={within ? searchMembers(within) : searchUsers()}
                among={within ? ['members', within] : ['users']}
                called={invitations.data?.items.find((one) => one.sentBy.id === state.filters.sentBy)?.sentBy.name}
              />
            )}
          </>
        }
      />
      {isInviting && (
        <SidePanel title={t('invitations.invite')} close={() => setInviting(false)}>
          <Invite
            done={() => {
              setInviting(false);
              setSent(true);
              void queries.invalidateQueries({ queryKey: ['invitations'] });
            }}
          />
        </SidePanel>
      )}
      {act && <Acting {...act} close={() => setAct(undefined)} />}
    </>
  );
}
