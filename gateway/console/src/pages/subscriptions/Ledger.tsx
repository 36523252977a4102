import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, body, type Schema } from '../../api/client';
import { DataList } from '../../app/DataList';
import { formatInstant, formatNumber } from '../../app/format';
import { useListState } from '../../app/list';

type Entry = Schema['GetSeatLedgerEntry'];

/** Every movement of a subscription's seats, with its cause and person (SUB-04). */
export function Ledger({ id }: { id: string }) {
  const { t } = useTranslation();
  const state = useListState([], 'at:desc');
  const entries = useQuery({
    queryKey: ['subscriptions', id, 'ledger', state.query],
    queryFn: async () => {
      const page = await body(api.GET('/api/v1/subscriptions/{id}/ledger', { params: { path: { id }, query: state.query as never } }));
      return { ...page, items: page.items.map((entry) => ({ ...entry, id: entry.version! })) };
    },
    placeholderData: keepPreviousData,
  });
  const numbers = (['reserved', 'occupied', 'waiting'] as const).map(
    (field): GridColDef<Entry & { id: number | string }> => ({ field, headerName: t(`subscriptions.${field}`), width: 100, sortable: false, align: 'right', headerAlign: 'right', valueFormatter: formatNumber }),
  );
  const columns: GridColDef<Entry & { id: number | string }>[] = [
    { field: 'at', headerName: t('subscriptions.at'), minWidth: 160, flex: 1, valueFormatter: formatInstant },
    { field: 'movement', headerName: t('subscriptions.movement'), minWidth: 130, flex: 1, sortable: false, valueFormatter: (one: string) => t(`subscriptions.moved.${one}`, { defaultValue: one }) },
    { field: 'cause', headerName: t('subscriptions.cause'), minWidth: 120, flex: 1, sortable: false, valueFormatter: (one: string) => t(`subscriptions.why.${one}`, { defaultValue: one }) },
    { field: 'personName', headerName: t('people.person'), minWidth: 130, flex: 1, sortable: false, valueFormatter: (name: string | null) => name ?? '–' },
    { field: 'byName', headerName: t('subscriptions.by'), minWidth: 130, flex: 1, sortable: false, valueFormatter: (name: string | null) => name ?? '–' },
    { field: 'limit', headerName: t('subscriptions.limit'), width: 90, sortable: false, align: 'right', headerAlign: 'right', valueFormatter: (limit: number | null) => (limit === null ? '∞' : formatNumber(limit)) },
    ...numbers,
  ];
  return <DataList name={t('subscriptions.ledger')} state={state} columns={columns} narrow={['at', 'movement']} rows={entries} isSearched={false} />;
}
