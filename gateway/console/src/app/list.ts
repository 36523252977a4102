import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** What a list asks for, kept in the page's address: it can be sent to others, and the browser's way back works. */
export interface ListState {
  page: number;
  sort: string | undefined;
  search: string;
  filters: Record<string, string>;
  /** As the API takes it. */
  query: Record<string, string | number>;
  /** Changes parts; whatever changes but the page begins at the first page again. */
  change: (parts: Record<string, string | number | undefined>) => void;
}

export function useListState(filterNames: readonly string[], defaultSort: string): ListState {
  const [address, setAddress] = useSearchParams();
  const change = useCallback(
    (parts: Record<string, string | number | undefined>) =>
      setAddress((now) => {
        const next = new URLSearchParams(now);
        for (const [name, value] of Object.entries('page' in parts ? parts : { page: undefined, ...parts })) {
          if (value === undefined || value === '' || (name === 'page' && value === 1)) next.delete(name);
          else next.set(name, String(value));
        }
        return next;
      }),
    [setAddress],
  );
  const filters = Object.fromEntries(filterNames.map((name) => [name, address.get(name) ?? '']));
  const page = Math.max(1, Number.parseInt(address.get('page') ?? '1', 10) || 1);
  const sort = address.get('sort') ?? defaultSort;
  const search = address.get('search') ?? '';
  const given = Object.entries({ ...filters, search }).filter(([, value]) => value !== '');
  return { page, sort, search, filters, change, query: { page, pageSize: 20, sort, ...Object.fromEntries(given) } };
}
