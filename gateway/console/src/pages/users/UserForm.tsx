import { useEffect } from 'react';
import { useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { Choice, Field, Form } from '../../app/Form';
import { settableRoles } from '../../app/roles';
import { api, type Schema } from '../../api/client';

type Profile = Schema['UserProfile'];

const yesNo = (value: boolean | null | undefined) => (value === true ? 'yes' : value === false ? 'no' : '');
const readYesNo = (text: string) => (text === '' ? null : text === 'yes');

const valuesOf = (user?: Profile) => ({
  firstName: user?.firstName ?? '', lastName: user?.lastName ?? '', email: user?.email ?? '', username: user?.username ?? '', language: user?.language ?? 'en',
  swedishCitizen: yesNo(user?.swedishCitizen), euCitizen: yesNo(user?.euCitizen), lmaNumber: user?.lmaNumber ?? '', personalNumber: user?.personalNumber ?? '',
  phone: user?.phone ?? '', gender: user?.gender ?? '',
});

type Details = ReturnType<typeof valuesOf>;

/** A telephone number as the API takes it, with its country; without one it is Swedish. What is none is left to the API to refuse. */
async function international(phone: string): Promise<string | null> {
  if (phone.trim() === '') return null;
  const { parsePhoneNumberFromString } = await import('libphonenumber-js/min');
  return parsePhoneNumberFromString(phone, 'SE')?.number ?? phone;
}

/** As the API takes it: what was left empty is not given. */
async function bodyOf(typed: Details) {
  const given = Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, value.trim() || null]));
  return { ...given, swedishCitizen: readYesNo(typed.swedishCitizen), euCitizen: readYesNo(typed.euCitizen), phone: await international(typed.phone) };
}

/** Adds a user; the password is for the first sign-in alone (USR-03). */
export function AddUser({ done }: { done: (user: Profile) => void }) {
  const { t } = useTranslation();
  return (
    <Form
      values={{ ...valuesOf(), emailConfirmation: '', password: '', passwordConfirmation: '', systemRole: 'guest' }}
      submit={t('users.add')}
      send={async ({ emailConfirmation, password, passwordConfirmation, systemRole, ...details }) => {
        const request = { ...(await bodyOf(details)), emailConfirmation, password, passwordConfirmation, systemRole, sendInvitation: false, completeIdentity: false };
        done((await api.POST('/api/v1/users', { body: request as never })).data!);
      }}
    >
      <Names />
      <Field name="email" label={t('field.email')} type="email" autoComplete="off" />
      <Field name="emailConfirmation" label={t('field.emailConfirmation')} type="email" autoComplete="off" />
      <Field name="password" label={t('field.password')} type="password" autoComplete="new-password" helperText={t('users.firstPassword')} />
      <Field name="passwordConfirmation" label={t('field.passwordConfirmation')} type="password" autoComplete="new-password" />
      <Choice name="systemRole" label={t('field.systemRole')} options={settableRoles(t)} />
      <Details />
    </Form>
  );
}

/** Changes a user's details; all but the changed ones stay (USR-05). */
export function EditUser({ user, done }: { user: Profile; done: () => void }) {
  const { t } = useTranslation();
  const before = valuesOf(user);
  return (
    <Form
      values={before}
      submit={t('action.save')}
      send={async (typed) => {
        const after = await bodyOf(typed);
        const changed = Object.fromEntries(Object.entries(after).filter(([name]) => typed[name as keyof Details] !== before[name as keyof Details]));
        await api.PATCH('/api/v1/users/{id}', { params: { path: { id: user.id! } }, body: changed as never });
        done();
      }}
    >
      <Names />
      <Field name="email" label={t('field.email')} type="email" autoComplete="off" />
      <Details />
    </Form>
  );
}

function Names() {
  const { t } = useTranslation();
  return (
    <>
      <Field name="firstName" label={t('field.firstName')} autoComplete="off" autoFocus />
      <Field name="lastName" label={t('field.lastName')} autoComplete="off" />
    </>
  );
}

function Details() {
  const { t } = useTranslation();
  const { watch, setValue } = useFormContext<Details>();
  const [swedish, eu] = watch(['swedishCitizen', 'euCitizen']);
  // INV-04: who is Swedish is of the EU, and who is not of the EU is not Swedish.
  useEffect(() => {
    if (swedish === 'yes') setValue('euCitizen', 'yes');
  }, [swedish, setValue]);
  useEffect(() => {
    if (eu === 'no') setValue('swedishCitizen', 'no');
  }, [eu, setValue]);
  const yesOrNo = [
    ['', t('value.notGiven')],
    ['yes', t('value.yes')],
    ['no', t('value.no')],
  ] as const;
  return (
    <>
      <Field name="username" label={t('field.username')} autoComplete="off" />
      <Choice
        name="language"
        label={t('field.language')}
        options={[
          ['en', 'English'],
          ['sv', 'Svenska'],
        ]}
      />
      <Choice name="swedishCitizen" label={t('field.swedishCitizen')} options={yesOrNo} />
      <Choice name="euCitizen" label={t('field.euCitizen')} options={yesOrNo} />
      <Field name="personalNumber" label={t('field.personalNumber')} helperText="YYYYMMDD-XXXX" autoComplete="off" />
      <Field name="lmaNumber" label={t('field.lmaNumber')} autoComplete="off" />
      <Field name="phone" label={t('field.phone')} type="tel" helperText={t('users.phoneHow')} autoComplete="off" />
      <Field name="gender" label={t('field.gender')} autoComplete="off" />
    </>
  );
}
