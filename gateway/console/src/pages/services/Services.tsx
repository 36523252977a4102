import Button from '@mui/material/Button';
import MuiLink from '@mui/material/Link';
import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { api, body, type Schema } from '../../api/client';
import { DataList } from '../../app/DataList';
import { formatInstant, formatNumber } from '../../app/format';
import { useListState } from '../../app/list';
import { Heading } from '../../app/Page';
import { useMe } from '../../app/session';
import { SidePanel } from '../../app/SidePanel';
import { NameForm } from './NameForm';

type Row = Schema['ServiceRow'];

/** The services that the reader may see: a System admin all, others those that they administer (SUB-01). */
export function Page() {
  const { t } = useTranslation();
  const isAdmin = useMe().data!.systemRole === 'systemAdmin';
  const navigate = useNavigate();
  const queries = useQueryClient();
  const state = useListState([], 'name:asc');
  const services = useQuery({
    queryKey: ['services', 'list', state.query],
    queryFn: () => body(api.GET('/api/v1/services', { params: { query: state.query as never } })),
    placeholderData: keepPreviousData,
  });
  const [isAdding, setAdding] = useState(false);
  const columns: GridColDef<Row>[] = [
    {
      field: 'name', headerName: t('field.name'), flex: 2, minWidth: 150,
      renderCell: ({ row }) => (
        <MuiLink component={Link} to={`/services/${row.id}`}>
          {row.name}
        </MuiLink>
      ),
    },
    { field: 'administrators', headerName: t('services.administrators'), width: 150, sortable: false, align: 'right', headerAlign: 'right', valueFormatter: formatNumber },
    { field: 'createdAt', headerName: t('field.createdAt'), minWidth: 170, valueFormatter: formatInstant },
  ];
  return (
    <>
      <Heading beside={isAdmin && <Button variant="contained" onClick={() => setAdding(true)}>{t('services.add')}</Button>}>{t('services.title')}</Heading>
      <DataList name={t('services.title')} state={state} columns={columns} narrow={['name', 'administrators']} rows={services} add={isAdmin && t('services.add')} />
      {isAdding && (
        <SidePanel title={t('services.add')} close={() => setAdding(false)}>
          <NameForm
            submit={t('services.add')}
            send={async (typed) => {
              const { data } = await api.POST('/api/v1/services', { body: typed });
              void queries.invalidateQueries({ queryKey: ['services'] });
              void navigate(`/services/${data!.id}`);
            }}
          />
        </SidePanel>
      )}
    </>
  );
}
