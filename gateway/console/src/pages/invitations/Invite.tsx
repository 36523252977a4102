import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../../api/client';
import { Availability } from '../../app/Availability';
import { Choice, Field, Form } from '../../app/Form';
import { LanguageChoice } from '../../app/LanguageChoice';
import { AppAndRole, OrganizationChoice } from '../../app/choices';
import { useOrganizations } from '../../app/organizations';
import { bodyOf, Citizenship, Names } from '../../app/person';

const ways = ['access', 'customer', 'workspace'] as const;

/** Invites somebody, in each of the ways that ask for it. */
export function Invite({ done }: { done: () => void }) {
  const { t } = useTranslation();
  const [way, setWay] = useState<(typeof ways)[number]>('access');
  return (
    <>
      <ToggleButtonGroup exclusive fullWidth size="small" value={way} onChange={(_, chosen: typeof way | null) => chosen && setWay(chosen)} aria-label={t('invitations.way')} sx={{ mb: 2 }}>
        {ways.map((one) => (
          <ToggleButton key={one} value={one} sx={{ textTransform: 'none' }}>
            {t(`way.${one}`)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      {way === 'access' && <ToAnApp done={done} />}
      {way === 'customer' && <ForACustomer done={done} />}
      {way === 'workspace' && <IntoAWorkspace done={done} />}
    </>
  );
}

/** A form that sends an invitation: the same one twice, as after a broken connection, is sent once (INV-21). */
function Sending<T extends Record<string, string>>({ values, request, done, children }: { values: T; request: (typed: T) => object | Promise<object>; done: () => void; children: ReactNode }) {
  const { t } = useTranslation();
  const key = useRef(crypto.randomUUID());
  return (
    <Form
      values={values}
      submit={t('invitations.send')}
      send={async (typed) => {
        try {
          await api.POST('/api/v1/invitations', { headers: { 'Idempotency-Key': key.current }, body: (await request(typed)) as never });
          done();
        } catch (error) {
          // It was answered: what is sent next is another one.
          if (Problem.from(error).status > 0) key.current = crypto.randomUUID();
          throw error;
        }
      }}
    >
      {children}
    </Form>
  );
}

/** To an app of a business, on a seat of a subscription (INV-11). */
function ToAnApp({ done }: { done: () => void }) {
  const { t } = useTranslation();
  return (
    <Sending
      values={{ organizationId: '', appId: '', subscriptionId: '', role: '', firstName: '', lastName: '', email: '', language: 'en' }}
      done={done}
      request={({ organizationId, appId, subscriptionId, role, language, ...invitee }) => ({
        way: 'access', organizationId: organizationId || null, appId: appId || null, subscriptionId: subscriptionId || null, role: role || null, language, invitee,
      })}
    >
      <OrganizationChoice kind="business" label={t('kind.business')} />
      <AppAndRole />
      <Field name="email" label={t('field.email')} type="email" autoComplete="off" helperText={t('invitations.existing')} />
      <Names />
      <LanguageChoice />
    </Sending>
  );
}

/** A new person for a customer (INV-01). */
function ForACustomer({ done }: { done: () => void }) {
  const { t } = useTranslation();
  return (
    <Sending
      values={{
        organizationId: '', firstName: '', lastName: '', email: '', emailConfirmation: '', language: 'en', swedishCitizen: '', euCitizen: '', personalNumber: '', lmaNumber: '', phone: '', gender: '',
      }}
      done={done}
      request={async (typed) => ({ way: 'customer', ...(await bodyOf(typed)) })}
    >
      <OrganizationChoice kind="customer" label={t('kind.customer')} />
      <Names />
      <Field name="email" label={t('field.email')} type="email" autoComplete="off" />
      <Field name="emailConfirmation" label={t('field.emailConfirmation')} type="email" autoComplete="off" />
      <LanguageChoice />
      <Citizenship />
    </Sending>
  );
}

/** An internal user, whose account can be worked on before they accept (INV-18). */
function IntoAWorkspace({ done }: { done: () => void }) {
  const { t } = useTranslation();
  const organizations = useOrganizations();
  return (
    <Sending
      values={{ organizationId: '', email: '', username: '', firstName: '', lastName: '', language: 'en' }}
      done={done}
      request={(typed) => ({ way: 'workspace', ...Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, value.trim() || null])) })}
    >
      <Choice name="organizationId" label={t('field.organization')} options={[['', ''], ...organizations.map((one) => [one.id!, one.name!] as const)]} />
      <Field name="email" label={t('field.email')} type="email" autoComplete="off" />
      <Field name="username" label={t('field.username')} autoComplete="off" helperText={<Availability />} />
      <Names />
      <LanguageChoice />
    </Sending>
  );
}
