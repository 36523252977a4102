import { useQuery } from '@tanstack/react-query';
import { api, body } from '../../api/client';

/** An app and one of its roles by their names, where nothing but their ids is known. */
export function Offer({ appId, role }: { appId: string; role: string | null | undefined }) {
  const path = { id: appId };
  const app = useQuery({ queryKey: ['apps', appId], queryFn: () => body(api.GET('/api/v1/apps/{id}', { params: { path } })), staleTime: 60_000 });
  const name = app.data?.roles?.find((one) => one.key === role)?.name ?? role;
  return app.data ? `${app.data.name}: ${name}` : name;
}
