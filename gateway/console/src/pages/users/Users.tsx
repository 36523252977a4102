import Avatar from '@mui/material/Avatar';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import MuiLink from '@mui/material/Link';
import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { api, body, type Schema } from '../../api/client';
import { DataList, Filter } from '../../app/DataList';
import { formatInstant } from '../../app/format';
import { useListState } from '../../app/list';
import { useOrganizations } from '../../app/organizations';
import { Heading } from '../../app/Page';
import { RoleBadge } from '../../app/RoleBadge';
import { allRoles } from '../../app/roles';
import { RowMenu } from '../../app/RowMenu';
import { useMe } from '../../app/session';
import { SidePanel } from '../../app/SidePanel';
import { useUpdates } from '../../app/updates';
import { ResetPassword, SendInvitation } from './actions';
import { AddUser } from './UserForm';

type Row = Schema['UserRow'];

const statuses = ['notInvited', 'waiting', 'invited', 'error', 'accepted'];

/** Everybody who has an account (USR-01). */
export function Page() {
  const { t } = useTranslation();
  const me = useMe().data!;
  const navigate = useNavigate();
  const queries = useQueryClient();
  const organizations = useOrganizations();
  const state = useListState(['role', 'organizationId', 'invitationStatus'], 'firstName:asc');
  useUpdates('/users', 'users');
  const users = useQuery({
    queryKey: ['users', state.query],
    queryFn: () => body(api.GET('/api/v1/users', { params: { query: state.query as never } })),
    placeholderData: keepPreviousData,
  });
  const [isAdding, setAdding] = useState(false);
  const [act, setAct] = useState<{ on: Row; what: 'reset' | 'invite' }>();

  const columns: GridColDef<Row>[] = [
    {
      field: 'firstName', headerName: t('field.firstName'), flex: 1, minWidth: 160,
      renderCell: ({ row }) => (
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.5 }}>
          <Avatar aria-hidden sx={{ width: 32, height: 32, fontSize: '.85rem', bgcolor: '#5f6368', color: '#fff' }}>
            {row.initials}
          </Avatar>
          <MuiLink component={Link} to={`/users/${row.id}`}>
            {row.firstName}
          </MuiLink>
        </Box>
      ),
    },
    { field: 'lastName', headerName: t('field.lastName'), flex: 1, minWidth: 110 },
    { field: 'email', headerName: t('field.email'), flex: 2, minWidth: 200 },
    {
      field: 'roles', headerName: t('field.roles'), flex: 1.5, minWidth: 150, sortable: false,
      renderCell: ({ row }) => <Box sx={{ whiteSpace: 'normal' }}>{(row.roles ?? []).map((role) => <RoleBadge key={role} role={role} />)}</Box>,
    },
    { field: 'invitationStatus', headerName: t('field.invitationStatus'), minWidth: 110, sortable: false, valueFormatter: (status: string) => t(`invitationStatus.${status}`) },
    { field: 'createdAt', headerName: t('field.createdAt'), minWidth: 160, valueFormatter: formatInstant },
    { field: 'lastActivityAt', headerName: t('field.lastActivityAt'), minWidth: 160, valueFormatter: (at: string | null) => (at ? formatInstant(at) : t('value.never')) },
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
              [t('users.invite'), () => setAct({ on: row, what: 'invite' })],
            ]}
          />
        ),
    },
  ];

  return (
    <>
      <Heading beside={<Button variant="contained" onClick={() => setAdding(true)}>{t('users.add')}</Button>}>{t('shell.users')}</Heading>
      <DataList
        name={t('shell.users')}
        state={state}
        columns={columns}
        narrow={['firstName', 'lastName', 'actions']}
        rows={users}
        filters={
          <>
            <Filter state={state} name="role" label={t('field.role')} options={allRoles(t)} />
            <Filter state={state} name="organizationId" label={t('field.organization')} options={organizations.map((one) => [one.id!, one.name!] as const)} />
            <Filter state={state} name="invitationStatus" label={t('field.invitationStatus')} options={statuses.map((one) => [one, t(`invitationStatus.${one}`)] as const)} />
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
      {act?.what === 'invite' && <SendInvitation of={act.on} close={() => setAct(undefined)} />}
    </>
  );
}
