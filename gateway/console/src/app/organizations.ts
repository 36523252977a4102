import { useQuery } from '@tanstack/react-query';
import { api, body } from '../api/client';

/** The organizations that the reader may see, by name: the first 200 of them. */
export function useOrganizations() {
  const { data } = useQuery({
    queryKey: ['organizations', 'names'],
    queryFn: () => body(api.GET('/api/v1/organizations', { params: { query: { pageSize: 200, sort: 'name:asc' } as never } })),
    staleTime: 60_000,
  });
  return data?.items ?? [];
}
