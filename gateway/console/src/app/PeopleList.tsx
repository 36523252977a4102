import MuiLink from '@mui/material/Link';
import useMediaQuery from '@mui/material/useMediaQuery';
import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { DataList } from './DataList';
import { useListState, type ListState } from './list';
import { RowMenu } from './RowMenu';
import { useMe } from './session';

interface Somebody {
  userId?: string;
  firstName?: string | null;
  lastName?: string | null;
  email?: string | null;
  role?: string;
}

type Row<P> = P & { id: string };

interface PeopleListProps<P extends Somebody> {
  name: string;
  of: readonly string[];
  load: (query: ListState['query']) => Promise<{ items: P[]; total: number | string }>;
  /** What is shown of each, besides who it is. */
  columns: readonly GridColDef<Row<P>>[];
  narrow?: readonly string[];
  filterNames?: readonly string[];
  filters?: (state: ListState) => ReactNode;
  add: string | false;
  actions: (one: P) => readonly (readonly [label: string, act: () => void])[];
}

export const nameOf = (one: Somebody) => [one.firstName, one.lastName].filter(Boolean).join(' ') || (one.email ?? '–');

/** People who have something in common: who they are, what is kept of each, and what can be done. */
export function PeopleList<P extends Somebody>({ name, of, load, columns, narrow = [], filterNames = [], filters, add, actions }: PeopleListProps<P>) {
  const { t } = useTranslation();
  const isAdmin = useMe().data!.systemRole === 'systemAdmin';
  // A telephone has room for one column of names.
  const isNarrow = useMediaQuery('(max-width: 700px)', { noSsr: true });
  const state = useListState(filterNames, 'firstName:asc');
  const people = useQuery({
    queryKey: [...of, state.query],
    queryFn: async () => {
      const page = await load(state.query);
      return { ...page, items: page.items.map((one): Row<P> => ({ ...one, id: `${one.userId} ${one.role ?? ''}` })) };
    },
    placeholderData: keepPreviousData,
  });
  const all: GridColDef<Row<P>>[] = [
    {
      field: 'firstName', headerName: t('field.firstName'), flex: 1, minWidth: 110,
      renderCell: ({ row }) => {
        const name = isNarrow ? nameOf(row) : (row.firstName ?? nameOf(row));
        return isAdmin ? (
          <MuiLink component={Link} to={`/users/${row.userId}`}>
            {name}
          </MuiLink>
        ) : (
          name
        );
      },
    },
    { field: 'lastName', headerName: t('field.lastName'), flex: 1, minWidth: 110 },
    { field: 'email', headerName: t('field.email'), flex: 1.5, minWidth: 180 },
    ...columns,
    {
      field: 'actions', headerName: t('list.actions'), width: 90, sortable: false,
      renderCell: ({ row }) => {
        const possible = actions(row);
        return possible.length > 0 && <RowMenu of={nameOf(row)} actions={possible} />;
      },
    },
  ];
  return (
    <DataList name={name} state={state} columns={all} narrow={['firstName', ...narrow, 'actions']} rows={people} filters={filters?.(state)} add={add} />
  );
}
