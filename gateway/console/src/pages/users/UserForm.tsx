import { useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { Availability } from '../../app/Availability';
import { Choice, Field, Form, Tick } from '../../app/Form';
import { LanguageChoice } from '../../app/LanguageChoice';
import { bodyOf, changesOf, Citizenship, Names, yesNo } from '../../app/person';
import { settableRoles } from '../../app/roles';
import { api, type Schema } from '../../api/client';

type Profile = Schema['UserProfile'];

const valuesOf = (user?: Profile) => ({
  firstName: user?.firstName ?? '', lastName: user?.lastName ?? '', email: user?.email ?? '', username: user?.username ?? '', language: user?.language ?? 'en',
  swedishCitizen: yesNo(user?.swedishCitizen), euCitizen: yesNo(user?.euCitizen), lmaNumber: user?.lmaNumber ?? '', personalNumber: user?.personalNumber ?? '',
  phone: user?.phone ?? '', gender: user?.gender ?? '',
});

/** Adds a user; the password is for the first sign-in alone (USR-03). */
export function AddUser({ done }: { done: (user: Profile) => void }) {
  const { t } = useTranslation();
  return (
    <Form
      values={{ ...valuesOf(), emailConfirmation: '', password: '', passwordConfirmation: '', systemRole: 'guest', sendInvitation: false, completeIdentity: false }}
      submit={t('users.add')}
      send={async ({ emailConfirmation, password, passwordConfirmation, systemRole, sendInvitation, completeIdentity, ...details }) => {
        // Who is invited chooses a password of their own.
        const passwords = sendInvitation ? {} : { password, passwordConfirmation };
        const request = { ...(await bodyOf(details)), ...passwords, emailConfirmation, systemRole, sendInvitation, completeIdentity };
        done((await api.POST('/api/v1/users', { body: request as never })).data!);
      }}
    >
      <Names />
      <Field name="email" label={t('field.email')} type="email" autoComplete="off" />
      <Field name="emailConfirmation" label={t('field.emailConfirmation')} type="email" autoComplete="off" />
      <FirstPassword />
      <Choice name="systemRole" label={t('field.systemRole')} options={settableRoles(t)} />
      <Details isNew />
      <Tick name="completeIdentity" label={t('identity.inOneStep')} />
    </Form>
  );
}

/** One that an administrator chooses, or a link by which the person does (INV-18). */
function FirstPassword() {
  const { t } = useTranslation();
  const isInvited = useFormContext<{ sendInvitation: boolean }>().watch('sendInvitation');
  return (
    <>
      <Tick name="sendInvitation" label={t('users.sendInvitation')} />
      {!isInvited && (
        <>
          <Field name="password" label={t('field.password')} type="password" autoComplete="new-password" helperText={t('users.firstPassword')} />
          <Field name="passwordConfirmation" label={t('field.passwordConfirmation')} type="password" autoComplete="new-password" />
        </>
      )}
    </>
  );
}

/** Changes a user's details, or one's own but for the address, which nobody would have verified; all but the changed ones stay (USR-05, USR-09). */
export function EditUser({ user, isOwn, done }: { user: Profile; isOwn?: boolean; done: (changes: { language?: unknown }) => void }) {
  const { t } = useTranslation();
  const before = valuesOf(user);
  return (
    <Form
      values={before}
      submit={t('action.save')}
      send={async (typed) => {
        const changes = await changesOf(before, typed);
        await (isOwn
          ? api.PATCH('/api/v1/me/profile', { body: changes as never })
          : api.PATCH('/api/v1/users/{id}', { params: { path: { id: user.id! } }, body: changes as never }));
        done(changes);
      }}
    >
      <Names />
      {!isOwn && <Field name="email" label={t('field.email')} type="email" autoComplete="off" />}
      <Details />
    </Form>
  );
}

function Details({ isNew }: { isNew?: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      <Field name="username" label={t('field.username')} autoComplete="off" helperText={isNew && <Availability />} />
      <LanguageChoice />
      <Citizenship />
    </>
  );
}
