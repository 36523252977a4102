import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import Typography from '@mui/material/Typography';
import { useEffect, useState } from 'react';
import { useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import * as z from 'zod/mini';
import { api } from '../../api/client';
import { Availability } from '../../app/Availability';
import { Choice, Field, Form, type FormProps } from '../../app/Form';
import { LanguageChoice } from '../../app/LanguageChoice';
import { AppAndRole, OrganizationChoice } from '../../app/choices';
import { useOnce } from '../../app/once';
import { useOrganizations } from '../../app/organizations';
import { bodyOf, Citizenship, Names } from '../../app/person';
import { SearchChoice, searchMembers, searchUsers } from '../../app/SearchChoice';
import { useMe } from '../../app/session';

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

/** A form that sends an invitation, once. */
function Sending<T extends Record<string, string>>({ request, done, ...form }: Pick<FormProps<T>, 'schema' | 'values' | 'children'> & { request: (typed: T) => object | Promise<object>; done: () => void }) {
  const { t } = useTranslation();
  const once = useOnce();
  return (
    <Form
      {...form}
      submit={t('invitations.send')}
      send={async (typed) => {
        const body = (await request(typed)) as never;
        await once((headers) => api.POST('/api/v1/invitations', { headers, body }));
        done();
      }}
    />
  );
}

const somebody = z
  .looseObject({ who: z.string(), userId: z.string() })
  .check(z.refine(({ who, userId }) => who === 'new' || userId !== '', { error: 'people.needed', path: ['userId'] }));

/** To an app of a business, on a seat of a subscription (INV-11). */
function ToAnApp({ done }: { done: () => void }) {
  const { t } = useTranslation();
  return (
    <Sending
      schema={somebody}
      values={{ organizationId: '', appId: '', subscriptionId: '', role: '', who: 'new', userId: '', firstName: '', lastName: '', email: '', language: 'en' }}
      done={done}
      request={({ organizationId, appId, subscriptionId, role, who, userId, language, ...invitee }) => ({
        way: 'access', organizationId: organizationId || null, appId: appId || null, subscriptionId: subscriptionId || null, role: role || null,
        // Who has an account is written to in the language of the account.
        ...(who === 'new' ? { language, invitee } : { userId }),
      })}
    >
      <OrganizationChoice kind="business" label={t('kind.business')} />
      <AppAndRole />
      <Choice
        name="who"
        label={t('invitations.whom')}
        options={[
          ['new', t('invitations.somebodyNew')],
          ['existing', t('invitations.somebodyKnown')],
        ]}
      />
      <Whom />
    </Sending>
  );
}

/** Somebody new, or one of those with an account whom the reader may see: a System admin all, others the members of the business. */
function Whom() {
  const { t } = useTranslation();
  const isAdmin = useMe().data!.systemRole === 'systemAdmin';
  const { watch, setValue } = useFormContext<{ who: string; organizationId: string; userId: string }>();
  const [who, organizationId] = watch(['who', 'organizationId']);
  const among = isAdmin ? '' : organizationId;
  useEffect(() => {
    setValue('userId', '');
  }, [who, among, setValue]);
  if (who === 'new')
    return (
      <>
        <Field name="email" label={t('field.email')} type="email" autoComplete="off" helperText={t('invitations.existing')} />
        <Names />
        <LanguageChoice />
      </>
    );
  return !isAdmin && among === '' ? (
    <Typography>{t('invitations.businessFirst')}</Typography>
  ) : (
    <SearchChoice
      key={among}
      name="userId"
      label={t('people.person')}
      helperText={t('people.searchHow')}
      search={isAdmin ? searchUsers() : searchMembers(among)}
      among={isAdmin ? ['users'] : ['members', among]}
    />
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
