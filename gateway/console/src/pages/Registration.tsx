import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import MuiLink from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import * as z from 'zod/mini';
import { api, body, Problem, type Schema } from '../api/client';
import { reasonOf } from '../app/errors';
import { Facts } from '../app/Facts';
import { Field, Form, Tick } from '../app/Form';
import { formatDate } from '../app/format';
import { LanguageChoice } from '../app/LanguageChoice';
import { LinkProblem } from '../app/LinkProblem';
import { Narrow } from '../app/Page';
import { areSame, twice } from '../app/passwords';
import { useMe } from '../app/session';
import { currentLanguage } from '../i18n/i18n';
import { Loading } from './Errors';

type Offer = Schema['GetRegistrationAnswer'];

/** What the link of an invitation offers, and by whom, before anything is asked; then the account, the acceptance or the no (INV-05, INV-10, INV-13, INV-26). */
export function Page() {
  const { t } = useTranslation();
  const token = useParams().token!;
  const params = { path: { token } };
  const offer = useQuery({ queryKey: ['registration', token], queryFn: () => body(api.GET('/api/v1/registrations/{token}', { params })), staleTime: Infinity });
  const [isDeclining, setDeclining] = useState(false);
  const [outcome, setOutcome] = useState<'declined' | 'accepted'>();

  if (outcome)
    return (
      <Narrow title={t(outcome === 'declined' ? 'registration.declined' : 'registration.acceptedTitle')}>
        {outcome === 'declined' ? (
          <Typography>{t('registration.declinedHow')}</Typography>
        ) : (
          <Button component={Link} to="/" variant="contained">
            {t('error.toStart')}
          </Button>
        )}
      </Narrow>
    );
  if (offer.isPending) return <Loading />;
  if (offer.error) return <DeadLink error={offer.error} token={token} />;

  const { invitedBy, organization, app, role, email, expiresOn, hasAccount } = offer.data;
  return (
    <Narrow title={t('registration.title')}>
      <Typography sx={{ mb: 2 }}>{invitedBy ? t('registration.offered', { by: invitedBy, organization }) : t('registration.offeredByNobody', { organization })}</Typography>
      <Facts
        of={[
          [t('field.organization'), organization],
          [t('field.app'), app],
          [t('field.role'), role],
          [t('registration.invitedBy'), invitedBy],
          [t('registration.for'), email],
          [t('registration.until'), formatDate(expiresOn)],
        ]}
      />
      <Typography variant="body2" color="text.secondary" sx={{ mb: 2 }}>
        {t('registration.unused')}
      </Typography>
      {hasAccount ? <Accept offer={offer.data} token={token} done={() => setOutcome('accepted')} /> : <Register offer={offer.data} token={token} />}
      <Button color="error" sx={{ mt: 2 }} onClick={() => setDeclining(true)}>
        {t('registration.decline')}
      </Button>
      {isDeclining && (
        <Suspense>
          <Decline token={token} done={() => setOutcome('declined')} close={() => setDeclining(false)} />
        </Suspense>
      )}
    </Narrow>
  );
}

const account = z
  .object({ ...twice, username: z.optional(z.string()), language: z.string(), acceptPrivacyPolicy: z.boolean().check(z.refine((yes) => yes, 'registration.policyNeeded')) })
  .check(areSame);

function Register({ offer, token }: { offer: Offer; token: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  if (isBusy) return <Alert severity="info">{t('registration.busy')}</Alert>;
  return (
    <Form
      schema={account}
      values={{ password: '', again: '', username: offer.username ?? '', language: currentLanguage() as string, acceptPrivacyPolicy: false }}
      submit={t('registration.register')}
      send={async ({ password, language, acceptPrivacyPolicy, username }) => {
        const { response } = await api.POST('/api/v1/registrations/{token}', {
          params: { path: { token }, query: { cookie: true } as never },
          body: { password, language, acceptPrivacyPolicy, username: username?.trim() || null },
        });
        if (response.status === 202) {
          // It takes longer than usual; the mail's link leads on once it is done.
          setBusy(true);
          return;
        }
        queries.clear();
        await navigate('/', { replace: true });
      }}
    >
      <Field name="email" label={t('field.email')} value={offer.email} autoComplete="username" />
      {offer.way === 'workspace' && <Field name="username" label={t('field.username')} helperText={t('registration.username')} autoComplete="off" />}
      <Field name="password" label={t('field.password')} type="password" autoComplete="new-password" helperText={t('password.rule')} />
      <Field name="again" label={t('password.again')} type="password" autoComplete="new-password" />
      <LanguageChoice />
      <Tick
        name="acceptPrivacyPolicy"
        label={
          <>
            {t('registration.policyBefore')}{' '}
            <MuiLink href="/privacy" target="_blank">
              {t('registration.policyName')}
            </MuiLink>{' '}
            {t('registration.policyVersion', { version: offer.privacyPolicyVersion })}
          </>
        }
      />
    </Form>
  );
}

function Accept({ offer, token, done }: { offer: Offer; token: string; done: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const accept = useMutation({ mutationFn: () => api.POST('/api/v1/invitations/acceptances', { body: { token } }), onSuccess: done });
  const signIn = (
    <Button component={Link} to={`/sign-in?next=${encodeURIComponent(`/registrations/${token}`)}`} variant={me.data ? 'text' : 'contained'}>
      {t('signIn.title')}
    </Button>
  );
  if (me.isPending) return null;
  if (!me.data)
    return (
      <>
        <Typography sx={{ mb: 2 }}>{t('registration.hasAccount')}</Typography>
        {signIn}
      </>
    );
  return (
    <>
      <Typography sx={{ mb: 2 }}>{t('registration.other', { email: me.data.email })}</Typography>
      {accept.error && (
        <Alert severity="error" sx={{ mb: 2 }}>
          {reasonOf(accept.error, t)}
        </Alert>
      )}
      <Button variant="contained" loading={accept.isPending} onClick={() => accept.mutate()}>
        {t('registration.accept')}
      </Button>
      {me.data.email.toLowerCase() !== offer.email.toLowerCase() && signIn}
    </>
  );
}

// Loaded when it is asked for: few say no.
const Decline = lazy(async () => ({ default: (await import('./Decline')).Decline }));

function DeadLink({ error, token }: { error: unknown; token: string }) {
  const { t } = useTranslation();
  const ask = useMutation({ mutationFn: () => api.POST('/api/v1/registrations/{token}/new-link', { params: { path: { token } } }) });
  const { code } = Problem.from(error);
  return (
    <LinkProblem error={error} kind="invitation">
      {ask.isSuccess && <Alert severity="success">{t('link.asked')}</Alert>}
      {ask.error && <Alert severity="error">{reasonOf(ask.error, t)}</Alert>}
      {!ask.isSuccess && code === 'link-expired' && (
        <Button variant="contained" loading={ask.isPending} onClick={() => ask.mutate()}>
          {t('link.ask')}
        </Button>
      )}
      {code === 'link-used' && (
        <Button component={Link} to="/sign-in" variant="contained">
          {t('signIn.title')}
        </Button>
      )}
    </LinkProblem>
  );
}
