import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client';
import { Choice, Field, Form, Tick, Ticks } from '../../app/Form';
import { useOrganizations } from '../../app/organizations';

type Webhook = Schema['WebhookRow'];

export const kinds = [
  'invitation.opened', 'invitation.accepted', 'invitation.declined', 'invitation.expired', 'invitation.revoked', 'invitation.delivery', 'seat.occupied', 'seat.transferred', 'seat.released',
];

/** Registers another system's address; its secret is told this once (NOT-05). */
export function RegisterWebhook({ done }: { done: (registered: Schema['RegisterWebhookView']) => void }) {
  const { t } = useTranslation();
  const organizations = useOrganizations();
  return (
    <Form
      values={{ organizationId: '', url: '', events: kinds, includesDetails: false }}
      submit={t('webhooks.register')}
      send={async ({ organizationId, ...typed }) => done((await api.POST('/api/v1/webhooks', { body: { ...typed, organizationId: organizationId || null } })).data!)}
    >
      <Choice name="organizationId" label={t('field.organization')} options={[['', ''], ...organizations.map((one) => [one.id!, one.name!] as const)]} />
      <Details />
    </Form>
  );
}

export function EditWebhook({ of, done }: { of: Webhook; done: () => void }) {
  const { t } = useTranslation();
  return (
    <Form
      values={{ url: of.url!, events: of.events!, includesDetails: of.includesDetails! }}
      submit={t('action.save')}
      send={async (typed) => {
        await api.PATCH('/api/v1/webhooks/{id}', { params: { path: { id: of.id! } }, body: typed as never });
        done();
      }}
    >
      <Details />
    </Form>
  );
}

function Details() {
  const { t } = useTranslation();
  return (
    <>
      <Field name="url" label={t('webhooks.url')} type="url" helperText={t('webhooks.urlHow')} autoComplete="off" />
      <Ticks name="events" label={t('webhooks.hears')} options={kinds.map((one) => [one, t(`webhooks.kinds.${one}`)] as const)} />
      <Tick name="includesDetails" label={t('webhooks.details')} />
    </>
  );
}
