import MuiLink from '@mui/material/Link';
import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, body, type Schema } from '../../api/client';
import { Adding } from '../../app/Adding';
import { DataList, Filter } from '../../app/DataList';
import { formatInstant } from '../../app/format';
import { useListState } from '../../app/list';
import { useUpdates } from '../../app/updates';
import { kinds, OrganizationForm } from './OrganizationForm';

type Row = Schema['OrganizationRow'];

/** The organizations that the reader may see (SUB-01). */
export function Page() {
  const { t } = useTranslation();
  const state = useListState(['kind'], 'name:asc');
  useUpdates('/organizations', 'organizations');
  const organizations = useQuery({
    queryKey: ['organizations', state.query],
    queryFn: () => body(api.GET('/api/v1/organizations', { params: { query: state.query as never } })),
    placeholderData: keepPreviousData,
  });
  const columns: GridColDef<Row>[] = [
    {
      field: 'name', headerName: t('field.name'), flex: 2, minWidth: 160,
      renderCell: ({ row }) => (
        <MuiLink component={Link} to={`/organizations/${row.id}`}>
          {row.name}
        </MuiLink>
      ),
    },
    { field: 'kinds', headerName: t('organizations.kinds'), flex: 1, minWidth: 140, sortable: false, valueFormatter: (of: string[]) => of.map((kind) => t(`kind.${kind}`)).join(', ') },
    { field: 'createdAt', headerName: t('field.createdAt'), minWidth: 170, valueFormatter: formatInstant },
  ];
  return (
    <Adding
      title={t('organizations.title')}
      add={t('organizations.add')}
      of="organizations"
      list={(add) => (
        <DataList
          name={t('organizations.title')}
          add={add}
          state={state}
          columns={columns}
          narrow={['name', 'kinds']}
          rows={organizations}
          filters={<Filter state={state} name="kind" label={t('organizations.kind')} options={kinds.map((one) => [one, t(`kind.${one}`)] as const)} />}
        />
      )}
      form={(done) => <OrganizationForm submit={t('organizations.add')} send={async (typed) => done((await body(api.POST('/api/v1/organizations', { body: typed }))).id!)} />}
    />
  );
}
