import Button from '@mui/material/Button';
import MuiLink from '@mui/material/Link';
import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { api, body, type Schema } from '../../api/client';
import { DataList, Filter } from '../../app/DataList';
import { Facts } from '../../app/Facts';
import { formatInstant } from '../../app/format';
import { useListState } from '../../app/list';
import { Heading } from '../../app/Page';
import { RowMenu } from '../../app/RowMenu';
import { useMe } from '../../app/session';
import { SidePanel } from '../../app/SidePanel';
import { Anonymize, type Person } from './actions';
import { UsersParts } from './parts';

type Row = Schema['RemovalRequestRow'];

const isNamed = (row: Row): row is Row & Person => row.email !== null;

/** Who asked for their private data to be removed, and why (GDP-01). */
export function Page() {
  const { t } = useTranslation();
  const me = useMe().data!;
  const navigate = useNavigate();
  const state = useListState(['status'], 'requestedAt:asc');
  const requests = useQuery({
    queryKey: ['removal-requests', state.query],
    queryFn: () => body(api.GET('/api/v1/removal-requests', { params: { query: state.query as never } })),
    placeholderData: keepPreviousData,
  });
  const [viewed, setViewed] = useState<Row>();
  const [forgetting, setForgetting] = useState<Person>();
  const isOpen = (row: Row) => row.status === 'pending' && row.userId !== me.id;
  const forget = (row: Row) => {
    setViewed(undefined);
    if (isNamed(row)) setForgetting({ ...row, id: row.userId });
  };
  const nameOf = (row: Row) => (isNamed(row) ? `${row.firstName} ${row.lastName}` : t('removal.forgotten'));
  const columns: GridColDef<Row>[] = [
    {
      field: 'firstName', headerName: t('field.firstName'), flex: 1, minWidth: 110,
      renderCell: ({ row }) =>
        isNamed(row) ? (
          <MuiLink component={Link} to={`/users/${row.userId}`}>
            {row.firstName}
          </MuiLink>
        ) : (
          t('removal.forgotten')
        ),
    },
    { field: 'lastName', headerName: t('field.lastName'), flex: 1, minWidth: 110 },
    { field: 'email', headerName: t('field.email'), flex: 2, minWidth: 180 },
    { field: 'reason', headerName: t('removal.reason'), flex: 2, minWidth: 140, sortable: false },
    { field: 'requestedAt', headerName: t('removal.requestedAt'), minWidth: 160, valueFormatter: formatInstant },
    { field: 'status', headerName: t('field.status'), minWidth: 110, valueFormatter: (status: string) => t(`removal.${status}`, { defaultValue: status }) },
    {
      field: 'actions', headerName: t('list.actions'), width: 90, sortable: false,
      renderCell: ({ row }) => (
        <RowMenu
          of={nameOf(row)}
          actions={[
            [t('removal.view'), () => setViewed(row)],
            ...(isOpen(row) ? ([[t('users.anonymize'), () => forget(row)]] as const) : []),
            ...(row.status === 'processed' ? ([[t('removal.progress'), () => void navigate(`/users/${row.userId}/anonymization`)]] as const) : []),
          ]}
        />
      ),
    },
  ];
  return (
    <>
      <Heading>{t('shell.users')}</Heading>
      <UsersParts at="removal-requests" />
      <DataList
        name={t('removal.title')}
        state={state}
        columns={columns}
        narrow={['firstName', 'status', 'actions']}
        rows={requests}
        none={t('removal.none')}
        filters={<Filter state={state} name="status" label={t('field.status')} options={['pending', 'processed', 'withdrawn'].map((one) => [one, t(`removal.${one}`)] as const)} />}
      />
      {viewed && (
        <SidePanel title={t('removal.view')} close={() => setViewed(undefined)}>
          <Facts
            of={[
              [t('field.name'), nameOf(viewed)],
              [t('field.email'), viewed.email],
              [t('removal.reason'), viewed.reason],
              [t('removal.requestedAt'), formatInstant(viewed.requestedAt)],
              [t('field.status'), t(`removal.${viewed.status}`)],
              [t('removal.endedAt'), viewed.endedAt && formatInstant(viewed.endedAt)],
            ]}
          />
          {isOpen(viewed) && (
            <Button variant="contained" color="error" onClick={() => forget(viewed)}>
              {t('users.anonymize')}
            </Button>
          )}
        </SidePanel>
      )}
      {forgetting && <Anonymize of={forgetting} close={() => setForgetting(undefined)} />}
    </>
  );
}
