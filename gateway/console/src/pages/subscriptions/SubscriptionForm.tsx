import { useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import * as z from 'zod/mini';
import { api, type Schema } from '../../api/client';
import { Choice, Field, Form, Tick } from '../../app/Form';
import { searchApps, SearchChoice, searchOrganizations } from '../../app/SearchChoice';

type Subscription = Schema['SubscriptionView'];

/** What can happen when no seat is free (SUB-06). */
const policies = ['refuse', 'waitlist', 'grow'] as const;

const about = { 'seat-limit-below-use': 'seatLimit', 'ceiling-needed': 'ceiling', 'period-reversed': 'endsOn' };

const terms = {
  plan: z.string().check(z.trim(), z.minLength(1, 'subscriptions.planRule'), z.maxLength(100, 'subscriptions.planRule')),
  startsOn: z.string().check(z.minLength(1, 'subscriptions.startNeeded')),
};
const changing = z.object(terms);
const adding = z.object({
  ...terms,
  organizationId: z.string().check(z.minLength(1, 'subscriptions.organizationNeeded')),
  appId: z.string().check(z.minLength(1, 'apps.needed')),
});

const valuesOf = (of?: Subscription) => ({
  plan: of?.plan ?? '', startsOn: of?.startsOn ?? new Date().toISOString().slice(0, 10), endsOn: of?.endsOn ?? '', seatLimit: String(of?.seatLimit ?? ''), atLimit: of?.atLimit ?? 'refuse',
  ceiling: String(of?.ceiling ?? ''),
});

const numberOf = (text: string) => (text === '' ? null : Number(text));

// As the API takes them: what is left empty is none.
const bodyOf = ({ plan, startsOn, endsOn, seatLimit, atLimit, ceiling }: ReturnType<typeof valuesOf>) => ({
  plan, startsOn, endsOn: endsOn || null, seatLimit: numberOf(seatLimit), atLimit: atLimit as 'refuse', ceiling: atLimit === 'grow' ? numberOf(ceiling) : null,
});

/** Gives an organization a subscription to an app (SUB-02). */
export function AddSubscription({ done }: { done: (id: string) => void }) {
  const { t } = useTranslation();
  return (
    <Form
      schema={adding}
      values={{ ...valuesOf(), organizationId: '', appId: '' }}
      submit={t('subscriptions.add')}
      about={about}
      send={async ({ organizationId, appId, ...typed }) => {
        const { data } = await api.POST('/api/v1/subscriptions', { body: { organizationId, appId, ...bodyOf(typed) } });
        done(data!.id);
      }}
    >
      <SearchChoice name="organizationId" label={t('field.organization')} search={searchOrganizations} among={['organizations']} autoFocus />
      <SearchChoice name="appId" label={t('field.app')} search={searchApps} among={['apps']} />
      <Terms />
    </Form>
  );
}

/** Changes what was changed alone. Without naming a version: seats move all the time, and this moves none. */
export function EditSubscription({ of, done }: { of: Subscription; done: () => Promise<void> }) {
  const { t } = useTranslation();
  const before = valuesOf(of);
  return (
    <Form
      schema={changing}
      values={{ ...before, force: false }}
      submit={t('action.save')}
      about={about}
      send={async ({ force, ...typed }) => {
        const was = bodyOf(before) as Record<string, unknown>;
        const changed = Object.fromEntries(Object.entries(bodyOf(typed)).filter(([name, value]) => value !== was[name]));
        if (Object.keys(changed).length > 0)
          await api.PATCH('/api/v1/subscriptions/{id}', { params: { path: { id: of.id } }, body: { ...changed, force } });
        await done();
      }}
    >
      <Terms />
      <Tick name="force" label={t('subscriptions.force')} />
    </Form>
  );
}

function Terms() {
  const { t } = useTranslation();
  const atLimit = useFormContext<{ atLimit: string }>().watch('atLimit');
  return (
    <>
      <Field name="plan" label={t('subscriptions.plan')} autoComplete="off" />
      <Field name="startsOn" label={t('subscriptions.startsOn')} type="date" />
      <Field name="endsOn" label={t('subscriptions.endsOn')} type="date" helperText={t('subscriptions.lastDayHow')} />
      <Field name="seatLimit" label={t('subscriptions.limit')} type="number" helperText={t('settings.limitHow')} input={{ min: 0 }} />
      <Choice name="atLimit" label={t('subscriptions.atLimit')} options={policies.map((one) => [one, t(`subscriptions.policy.${one}`)] as const)} />
      {atLimit === 'grow' && <Field name="ceiling" label={t('subscriptions.ceiling')} type="number" helperText={t('subscriptions.ceilingHow')} input={{ min: 1 }} />}
    </>
  );
}
