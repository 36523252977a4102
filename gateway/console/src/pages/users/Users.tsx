import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import MuiLink from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { api, body, type Schema } from '../../api/client';
import { DataList, Filter, TextFilter } from '../../app/DataList';
import { formatInstant, formatNumber } from '../../app/format';
import { useListState, type ListState } from '../../app/list';
import { useOrganizations } from '../../app/organizations';
import { Heading } from '../../app/Page';
import { PersonAvatar } from '../../app/PersonAvatar';
import { RoleBadge } from '../../app/RoleBadge';
import { allRoles } from '../../app/roles';
import { RowMenu } from '../../app/RowMenu';
import { useMe } from '../../app/session';
import { SidePanel } from '../../app/SidePanel';
import { useUpdates } from '../../app/updates';
import { Anonymize, ResetPassword } from './actions';
import { UsersParts } from './parts';
import { SendInvitations, type Invited } from './SendInvitations';
import { AddUser } from './UserForm';

type Row = Schema['UserRow'];

/** By which days the list is narrowed, each with its label. */
const days = { createdFrom: 'createdFrom', createdTo: 'createdTo', lastActivityFrom: 'activeFrom', lastActivityTo: 'activeTo' };

const statuses = ['notInvited', 'waiting', 'invited', 'error', 'accepted'];

/** Everybody who has an account (USR-01). */
export function Page() {
  const { t } = useTranslation();
  const me = useMe().data!;
  const navigate = useNavigate();
  const queries = useQueryClient();
  const organizations = useOrganizations();
  const state = useListState(['role', 'organizationId', 'invitationStatus', ...Object.keys(days), 'neverActive'], 'firstName:asc');
  useUpdates('/users', 'users');
  const users = useQuery({
    queryKey: ['users', state.query],
    queryFn: () => body(api.GET('/api/v1/users', { params: { query: state.query as never } })),
    placeholderData: keepPreviousData,
  });
  const [isAdding, setAdding] = useState(false);
  const [act, setAct] = useState<{ on: Row; what: 'reset' | 'anonymize' }>();
  const [inviting, setInviting] = useState<Invited>();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());

  const matching = Number(users.data?.total ?? 0);

  const columns: GridColDef<Row>[] = [
    {
      field: 'firstName', headerName: t('field.firstName'), flex: 1, minWidth: 140,
      renderCell: ({ row }) => (
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.5 }}>
          <PersonAvatar picture={row.avatarId ? `/api/v1/users/${row.id}/avatar?of=${row.avatarId}` : undefined} initials={row.initials ?? ''} />
          <MuiLink component={Link} to={`/users/${row.id}`}>
            {row.firstName}
            {/* Where there is no column for it. */}
            <Box component="span" sx={{ '@media (min-width: 700.02px)': { display: 'none' } }}> {row.lastName}</Box>
          </MuiLink>
        </Box>
      ),
    },
    { field: 'lastName', headerName: t('field.lastName'), flex: 1, minWidth: 120 },
    { field: 'email', headerName: t('field.email'), flex: 2, minWidth: 190 },
    {
      field: 'roles', headerName: t('field.roles'), flex: 1.5, minWidth: 140, sortable: false,
      renderCell: ({ row }) => <Box sx={{ whiteSpace: 'normal' }}>{(row.roles ?? []).map((role) => <RoleBadge key={role} role={role} />)}</Box>,
    },
    {
      field: 'invitationStatus', headerName: t('field.invitationStatus'), minWidth: 130, sortable: false,
      renderCell: ({ row }) => (
        <Box>
          {t(`invitationStatus.${row.invitationStatus}`)}
          {row.invitationError && (
            <Typography variant="caption" color="error" component="div">
              {row.invitationError}
            </Typography>
          )}
        </Box>
      ),
    },
    { field: 'createdAt', headerName: t('field.createdAt'), minWidth: 155, valueFormatter: formatInstant },
    { field: 'lastActivityAt', headerName: t('field.lastActivityAt'), minWidth: 155, valueFormatter: (at: string | null) => (at ? formatInstant(at) : t('value.never')) },
    {
      field: 'actions', headerName: t('list.actions'), width: 90, sortable: false,
      // Nothing on one's own account (USR-02).
      renderCell: ({ row }) =>
        row.id !== me.id && (
          <RowMenu
            of={`${row.firstName} ${row.lastName}`}
            actions={[
              [t('users.open'), () => void navigate(`/users/${row.id}`)],
              [t('users.reset'), () => setAct({ on: row, what: 'reset' })],
              [t('users.invite'), () => setInviting({ userIds: [row.id], filter: null, count: 1 })],
              [t('identity.register'), () => void navigate(`/users/${row.id}/identity`)],
              [t('users.anonymize'), () => setAct({ on: row, what: 'anonymize' })],
            ]}
          />
        ),
    },
  ];

  return (
    <>
      <Heading beside={<Button variant="contained" onClick={() => setAdding(true)}>{t('users.add')}</Button>}>{t('shell.users')}</Heading>
      <UsersParts at="users" />
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mb: 2 }}>
        <Button variant="outlined" disabled={chosen.size === 0} onClick={() => setInviting({ userIds: [...chosen], filter: null, count: chosen.size })}>
          {t('invite.chosen', { count: chosen.size })}
        </Button>
        {matching > 0 && (
          <Button onClick={() => setInviting({ userIds: null, filter: filterOf(state), count: matching })}>{t('invite.matching', { count: matching, number: formatNumber(matching) })}</Button>
        )}
        {chosen.size > 0 && <Button onClick={() => setChosen(new Set())}>{t('invite.clear')}</Button>}
      </Box>
      <DataList
        name={t('shell.users')}
        state={state}
        columns={columns}
        narrow={['firstName', 'actions']}
        rows={users}
        selection={{ ids: chosen, change: setChosen, canSelect: (row) => row.id !== me.id }}
        filters={
          <>
            <Filter state={state} name="role" label={t('field.role')} options={allRoles(t)} />
            <Filter state={state} name="organizationId" label={t('field.organization')} options={organizations.map((one) => [one.id!, one.name!] as const)} />
            <Filter state={state} name="invitationStatus" label={t('field.invitationStatus')} options={statuses.map((one) => [one, t(`invitationStatus.${one}`)] as const)} />
            {Object.entries(days).map(([name, label]) => (
              <TextFilter key={name} state={state} name={name} label={t(`users.${label}`)} type="date" />
            ))}
            <Filter state={state} name="neverActive" label={t('field.lastActivityAt')} options={[['true', t('value.never')]]} />
          </>
        }
      />
      {isAdding && (
        <SidePanel title={t('users.add')} close={() => setAdding(false)}>
          <AddUser
            done={(user) => {
              void queries.invalidateQueries({ queryKey: ['users'] });
              void navigate(`/users/${user.id}`);
            }}
          />
        </SidePanel>
      )}
      {act?.what === 'reset' && <ResetPassword of={act.on} close={() => setAct(undefined)} />}
      {act?.what === 'anonymize' && <Anonymize of={act.on} close={() => setAct(undefined)} />}
      {inviting && (
        <SendInvitations
          to={inviting}
          close={() => {
            setInviting(undefined);
            setChosen(new Set());
          }}
        />
      )}
    </>
  );
}

/** What the list shows, as invitations take it. */
const filterOf = ({ search, filters: { role, organizationId, invitationStatus, createdFrom, createdTo, lastActivityFrom, lastActivityTo, neverActive } }: ListState): Invited['filter'] => ({
  search: search || null, role: role || null, organizationId: organizationId || null, invitationStatus: invitationStatus || null,
  createdFrom: createdFrom || null, createdTo: createdTo || null, lastActivityFrom: lastActivityFrom || null, lastActivityTo: lastActivityTo || null,
  neverActive: neverActive === 'true' || null,
});
