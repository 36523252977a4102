import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { api, body } from '../api/client';
import { Choice } from './Form';
import { useOrganizations } from './organizations';

/** An organization of a kind. */
export function OrganizationChoice({ kind, label }: { kind: string; label: string }) {
  const organizations = useOrganizations().filter((one) => one.kinds?.includes(kind));
  return <Choice name="organizationId" label={label} options={[['', ''], ...organizations.map((one) => [one.id!, one.name!] as const)]} />;
}

/** Each choice lists only what the earlier ones allow; the seats are shown before anything is sent. */
export function AppAndRole() {
  const { t } = useTranslation();
  const { watch, setValue } = useFormContext<{ organizationId: string; appId: string; subscriptionId: string; role: string }>();
  const [organizationId, appId, subscriptionId] = watch(['organizationId', 'appId', 'subscriptionId']);
  const subscriptions = useQuery({
    queryKey: ['subscriptions', organizationId],
    queryFn: () => body(api.GET('/api/v1/subscriptions', { params: { query: { organizationId, active: true, pageSize: 200 } as never } })),
    enabled: organizationId !== '',
  });
  const app = useQuery({ queryKey: ['apps', appId], queryFn: () => body(api.GET('/api/v1/apps/{id}', { params: { path: { id: appId } } })), enabled: appId !== '' });
  const all = subscriptions.data?.items ?? [];
  const apps = new Map(all.map((one) => [one.appId, one.appName]));
  const ofApp = all.filter((one) => one.appId === appId);
  const seats = ofApp.find((one) => one.id === subscriptionId)?.seats;
  useEffect(() => {
    setValue('appId', '');
  }, [organizationId, setValue]);
  useEffect(() => {
    setValue('subscriptionId', '');
    setValue('role', '');
  }, [appId, setValue]);

  return (
    <>
      <Choice name="appId" label={t('field.app')} disabled={organizationId === ''} options={[['', ''], ...apps]} />
      <Choice
        name="subscriptionId"
        label={t('field.subscription')}
        disabled={appId === ''}
        options={[['', ''], ...ofApp.map((one) => [one.id, one.plan] as const)]}
        helperText={seats && (seats.limit === null ? t('invitations.seatsUnlimited', seats) : t('invitations.seats', seats))}
      />
      <Choice name="role" label={t('field.role')} disabled={appId === ''} options={[['', ''], ...(app.data?.roles ?? []).map((one) => [one.key!, one.name!] as const)]} />
    </>
  );
}
