import MuiLink from '@mui/material/Link';
import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, body, type Schema } from '../../api/client';
import { Adding } from '../../app/Adding';
import { DataList } from '../../app/DataList';
import { formatInstant, formatNumber } from '../../app/format';
import { useListState } from '../../app/list';
import { NameForm } from './NameForm';

type Row = Schema['ServiceRow'];

/** The services that the reader may see: a System admin all, others those that they administer (SUB-01). */
export function Page() {
  const { t } = useTranslation();
  const state = useListState([], 'name:asc');
  const services = useQuery({
    queryKey: ['services', 'list', state.query],
    queryFn: () => body(api.GET('/api/v1/services', { params: { query: state.query as never } })),
    placeholderData: keepPreviousData,
  });
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
    <Adding
      title={t('services.title')}
      add={t('services.add')}
      of="services"
      list={(add) => <DataList name={t('services.title')} state={state} columns={columns} narrow={['name', 'administrators']} rows={services} add={add} />}
      form={(done) => <NameForm submit={t('services.add')} send={async (typed) => done((await body(api.POST('/api/v1/services', { body: typed }))).id!)} />}
    />
  );
}
