import { useQuery } from '@tanstack/react-query';
import { api, body } from '../api/client';
import { useMe } from './session';

/** What the reader may do at an organization: a System admin and its founders run it, its administrators appoint its people. */
export function useStanding(id: string) {
  const me = useMe().data!;
  const isAdmin = me.systemRole === 'systemAdmin';
  const founders = useQuery({
    queryKey: ['organizations', id, 'founders'],
    queryFn: () => body(api.GET('/api/v1/organizations/{id}/permissions', { params: { path: { id }, query: { permission: 'founder', pageSize: 200 } as never } })),
    enabled: !isAdmin,
  });
  const runs = isAdmin || (founders.data?.items ?? []).some((one) => one.userId === me.id);
  const administers = (role: string) => runs || (me.roles ?? []).some((one) => one.role === role && one.holderId === id);
  return { isAdmin, runs, administers };
}
