import MuiLink from '@mui/material/Link';
import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, body, type Schema } from '../../api/client';
import { DataList, Filter } from '../../app/DataList';
import { formatDate, formatNumber } from '../../app/format';
import { useListState } from '../../app/list';
import { useUpdates } from '../../app/updates';

type Row = Schema['SubscriptionView'];

/** Subscriptions with their seats, perhaps those of one organization or to one app alone (SUB-02). */
export function SubscriptionList({ organizationId, appId, add }: { organizationId?: string; appId?: string; add?: string | false }) {
  const { t } = useTranslation();
  const state = useListState(['active'], 'plan:asc');
  useUpdates('/subscriptions', 'subscriptions');
  const subscriptions = useQuery({
    queryKey: ['subscriptions', { ...state.query, organizationId, appId }],
    queryFn: () => body(api.GET('/api/v1/subscriptions', { params: { query: { ...state.query, organizationId, appId } as never } })),
    placeholderData: keepPreviousData,
  });
  const columns: GridColDef<Row>[] = [
    {
      field: 'plan', headerName: t('subscriptions.plan'), flex: 1, minWidth: 110,
      renderCell: ({ row }) => (
        <MuiLink component={Link} to={`/subscriptions/${row.id}`}>
          {row.plan}
        </MuiLink>
      ),
    },
    ...(organizationId ? [] : [{ field: 'organization', headerName: t('field.organization'), flex: 1, minWidth: 130, valueGetter: (_, row) => row.organizationName } satisfies GridColDef<Row>]),
    ...(appId ? [] : [{ field: 'app', headerName: t('field.app'), flex: 1, minWidth: 110, valueGetter: (_, row) => row.appName } satisfies GridColDef<Row>]),
    { field: 'status', headerName: t('field.status'), minWidth: 110, sortable: false, valueFormatter: (status: string) => t(`subscriptions.status.${status}`, { defaultValue: status }) },
    {
      field: 'seats', headerName: t('subscriptions.seats'), minWidth: 150, sortable: false,
      valueFormatter: ({ limit, occupied, reserved }: Row['seats']) => t(limit === null ? 'subscriptions.seatsOpen' : 'subscriptions.seatsOf', { used: formatNumber(Number(occupied) + Number(reserved)), limit: formatNumber(limit ?? 0) }),
    },
    { field: 'startsOn', headerName: t('subscriptions.startsOn'), minWidth: 150, valueFormatter: formatDate },
    { field: 'endsOn', headerName: t('subscriptions.endsOn'), minWidth: 150, sortable: false, valueFormatter: (day: string | null) => (day ? formatDate(day) : t('subscriptions.open')) },
  ];
  return (
    <DataList
      name={t('subscriptions.title')}
      state={state}
      columns={columns}
      narrow={organizationId ? ['plan', 'app', 'seats'] : ['plan', 'organization', 'seats']}
      rows={subscriptions}
      add={add}
      filters={
        <Filter
          state={state}
          name="active"
          label={t('field.status')}
          options={[
            ['true', t('subscriptions.status.active')],
            ['false', t('subscriptions.inactive')],
          ]}
        />
      }
    />
  );
}
