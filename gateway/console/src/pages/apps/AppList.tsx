import MuiLink from '@mui/material/Link';
import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, body, type Schema } from '../../api/client';
import { DataList } from '../../app/DataList';
import { useListState } from '../../app/list';

type Row = Schema['AppRow'];

/** Apps with their roles, perhaps those of one organization alone (SUB-02). */
export function AppList({ organizationId, add }: { organizationId?: string; add: string | false }) {
  const { t } = useTranslation();
  const state = useListState([], 'name:asc');
  const apps = useQuery({
    queryKey: ['apps', 'list', organizationId, state.query],
    queryFn: () => body(api.GET('/api/v1/apps', { params: { query: { ...state.query, organizationId } as never } })),
    placeholderData: keepPreviousData,
  });
  const columns: GridColDef<Row>[] = [
    {
      field: 'name', headerName: t('field.name'), flex: 1, minWidth: 140,
      renderCell: ({ row }) => (
        <MuiLink component={Link} to={`/apps/${row.id}`}>
          {row.name}
        </MuiLink>
      ),
    },
    { field: 'roles', headerName: t('field.roles'), flex: 2, minWidth: 160, sortable: false, valueFormatter: (roles: Row['roles']) => (roles ?? []).map((one) => one.name).join(', ') },
  ];
  return <DataList name={t('apps.title')} state={state} columns={columns} narrow={['name', 'roles']} rows={apps} add={add} />;
}
