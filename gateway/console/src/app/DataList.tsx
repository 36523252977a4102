import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import TablePagination from '@mui/material/TablePagination';
import TextField from '@mui/material/TextField';
import useMediaQuery from '@mui/material/useMediaQuery';
import { DataGrid, type GridColDef, type GridValidRowModel } from '@mui/x-data-grid';
import type { UseQueryResult } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonOf } from './errors';
import { formatNumber } from './format';
import type { ListState } from './list';
import { nonce } from './nonce';

interface Rows<R> {
  items: R[];
  total: number | string;
}

interface DataListProps<R extends GridValidRowModel> {
  name: string;
  state: ListState;
  columns: readonly GridColDef<R>[];
  /** Those that a telephone shows. */
  narrow: readonly string[];
  rows: UseQueryResult<Rows<R>>;
  /** What narrows the list, beside the search. */
  filters?: ReactNode;
  /** Not where the API searches nothing. */
  isSearched?: boolean;
  /** What is chosen of it, by ids, on whichever page. */
  selection?: { ids: ReadonlySet<string>; change: (ids: ReadonlySet<string>) => void; canSelect: (row: R) => boolean };
  /** What an empty list says. */
  none?: string;
  /** The button that begins the list, for whom there is one. */
  add?: string | false;
}

/** A page of a list: sorted, searched and filtered by the API, with "Showing X–Y of Z" below. */
export function DataList<R extends GridValidRowModel>({ name, state, columns, narrow, rows, filters, isSearched = true, selection, none, add }: DataListProps<R>) {
  const { t } = useTranslation();
  const isNarrow = useMediaQuery('(max-width: 700px)', { noSsr: true });
  const [field, direction] = (state.sort ?? '').split(':');
  const isFiltered = state.search !== '' || Object.values(state.filters).some((value) => value !== '');
  return (
    <>
      {(isSearched || filters) && (
        <Box role="search" sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, mb: 2, alignItems: 'center' }}>
          {isSearched && <TextFilter state={state} name="search" label={t('action.search')} />}
          {filters}
          {isFiltered && (
            <Button onClick={() => state.change(Object.fromEntries(['search', ...Object.keys(state.filters)].map((one) => [one, undefined])))}>{t('action.clear')}</Button>
          )}
        </Box>
      )}
      {rows.error && (
        <Alert severity="error" sx={{ mb: 2 }} action={<Button color="inherit" onClick={() => void rows.refetch()}>{t('error.again')}</Button>}>
          {reasonOf(rows.error, t)}
        </Alert>
      )}
      <Paper>
        <DataGrid<R>
          aria-label={name}
          nonce={nonce}
          rows={rows.data?.items ?? []}
          columns={columns.map((column) => ({ ...column, disableColumnMenu: column.sortable === false }))}
          columnVisibilityModel={isNarrow ? Object.fromEntries(columns.map((column) => [column.field, narrow.includes(column.field)])) : {}}
          rowCount={rows.data?.items.length ?? 0}
          loading={rows.isPending}
          paginationMode="server"
          sortingMode="server"
          hideFooter
          sortModel={field ? [{ field, sort: direction === 'desc' ? 'desc' : 'asc' }] : []}
          sortingOrder={['asc', 'desc']}
          // The grid also says so when its columns change: what is sorted by already, or not at all, is no news.
          onSortModelChange={([sort]) => {
            const next = sort && `${sort.field}:${sort.sort ?? 'asc'}`;
            if (next && next !== state.sort) state.change({ sort: next });
          }}
          disableColumnFilter
          disableColumnSelector
          disableRowSelectionOnClick
          {...(selection && {
            checkboxSelection: true,
            // What is chosen on one page stays so on the next.
            keepNonExistentRowsSelected: true,
            disableRowSelectionExcludeModel: true,
            isRowSelectable: ({ row }) => selection.canSelect(row),
            rowSelectionModel: { type: 'include', ids: new Set(selection.ids) },
            onRowSelectionModelChange: ({ ids }) => selection.change(new Set([...ids].map(String))),
          })}
          getRowHeight={() => 'auto'}
          slotProps={{
            loadingOverlay: { variant: 'skeleton', noRowsVariant: 'skeleton' },
            // Within the page, as all of it is.
            basePopper: { material: { container: () => document.getElementById('content') } },
            baseTooltip: { material: { slotProps: { popper: { container: () => document.getElementById('content') } } } },
          }}
          localeText={{
            noRowsLabel: isFiltered ? t('list.noneFound') : (none ?? (add ? t('list.noneYet', { add }) : t('list.none'))),
            columnHeaderSortIconLabel: t('list.sort'),
            columnMenuLabel: t('list.menu'),
            columnMenuAriaLabel: (column) => t('list.menuOf', { column }),
            columnMenuSortAsc: t('list.ascending'),
            columnMenuSortDesc: t('list.descending'),
            checkboxSelectionHeaderName: t('list.select'),
            checkboxSelectionSelectAllRows: t('list.selectAll'),
            checkboxSelectionUnselectAllRows: t('list.unselectAll'),
            checkboxSelectionSelectRow: t('list.selectRow'),
            checkboxSelectionUnselectRow: t('list.unselectRow'),
          }}
          sx={{ border: 0, '& .MuiDataGrid-cell': { py: 1, display: 'flex', alignItems: 'center', overflowWrap: 'anywhere', whiteSpace: 'normal', lineHeight: 1.4 }, '--DataGrid-overlayHeight': '300px' }}
        />
        {/* Beside the grid, which goes back to the first page by itself while the next one loads. */}
        <TablePagination
          component="div"
          count={Number(rows.data?.total ?? 0)}
          page={rows.data ? Math.min(state.page - 1, Math.max(0, Math.ceil(Number(rows.data.total) / 20) - 1)) : 0}
          rowsPerPage={20}
          rowsPerPageOptions={[20]}
          onPageChange={(_, page) => state.change({ page: page + 1 })}
          labelDisplayedRows={({ from, to, count }) => rows.data !== undefined && t('list.showing', { from: formatNumber(from), to: formatNumber(to), count: formatNumber(count) })}
          getItemAriaLabel={(which) => t(which === 'next' ? 'list.next' : 'list.previous')}
        />
      </Paper>
    </>
  );
}

/** What a list is searched for, or filtered by. Asks when the typing pauses, so that each letter is not a question. */
export function TextFilter({ state, name, label, type = 'search' }: { state: ListState; name: string; label: string; type?: 'search' | 'date' }) {
  const given = name === 'search' ? state.search : (state.filters[name] ?? '');
  const [typed, setTyped] = useState(given);
  useEffect(() => setTyped(given), [given]);
  useEffect(() => {
    if (typed === given) return;
    const pause = setTimeout(() => state.change({ [name]: typed.trim() }), 300);
    return () => clearTimeout(pause);
  });
  return (
    <TextField
      size="small"
      type={type}
      label={label}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      sx={{ minWidth: name === 'search' ? 220 : 130 }}
      slotProps={{ inputLabel: { shrink: type === 'date' || undefined } }}
    />
  );
}

/** A filter of a list by one of some values. */
export function Filter({ state, name, label, options }: { state: ListState; name: string; label: string; options: readonly (readonly [value: string, label: string])[] }) {
  const { t } = useTranslation();
  return (
    <TextField
      select
      size="small"
      label={label}
      value={state.filters[name]}
      onChange={(event) => state.change({ [name]: event.target.value })}
      sx={{ minWidth: 150 }}
      slotProps={{ select: { native: true }, inputLabel: { shrink: true } }}
    >
      <option value="">{t('value.any')}</option>
      {options.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </TextField>
  );
}
