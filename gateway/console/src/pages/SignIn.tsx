import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import MuiLink from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import * as z from 'zod/mini';
import { api, Problem } from '../api/client';
import { reasonOf } from '../app/errors';
import { Field, Form } from '../app/Form';
import { nextOf } from '../app/next';
import { Narrow } from '../app/Page';

const credentials = z.object({
  email: z.string().check(z.trim(), z.minLength(1, 'signIn.emailNeeded')),
  password: z.string().check(z.minLength(1, 'signIn.passwordNeeded')),
});
const oneCode = z.object({ code: z.string().check(z.trim(), z.minLength(1, 'signIn.codeNeeded')) });

type Credentials = z.infer<typeof credentials>;

/** Signs in: address and password, and where the account has one, a second factor (USR-07, USR-08). */
export function Page() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<{ credentials: Credentials; factors: string[] }>();
  const next = nextOf(search);

  const signIn = async (typed: Credentials, code?: string) => {
    const { data } = await api.POST('/api/v1/session', { params: { query: { cookie: true } as never }, body: { ...typed, code: code ?? null } });
    queries.clear();
    await (data!.mustChangePassword
      ? navigate(`/change-password?next=${encodeURIComponent(next)}`, { replace: true })
      : navigate(next, { replace: true }));
  };

  if (asked) return <SecondFactor {...asked} send={(code) => signIn(asked.credentials, code)} back={() => setAsked(undefined)} />;
  return (
    <Narrow title={t('signIn.title')}>
      <Form
        schema={credentials}
        values={{ email: '', password: '' }}
        submit={t('signIn.submit')}
        send={async (typed) => {
          try {
            await signIn(typed);
          } catch (error) {
            const problem = Problem.from(error);
            if (problem.code !== 'second-factor-required') throw error;
            setAsked({ credentials: typed, factors: (problem.body.factors ?? []) as string[] });
          }
        }}
        beside={
          <MuiLink component={Link} to="/forgotten-password">
            {t('signIn.forgotten')}
          </MuiLink>
        }
      >
        <Field name="email" label={t('field.email')} type="email" autoComplete="username" autoFocus />
        <Field name="password" label={t('field.password')} type="password" autoComplete="current-password" />
      </Form>
    </Narrow>
  );
}

function SecondFactor({ credentials, factors, send, back }: { credentials: Credentials; factors: string[]; send: (code: string) => Promise<void>; back: () => void }) {
  const { t } = useTranslation();
  const [mailed, setMailed] = useState<{ error?: unknown }>();
  const [isRecovery, setRecovery] = useState(false);
  const mail = () =>
    api.POST('/api/v1/session/email-code', { body: credentials }).then(
      () => setMailed({}),
      (error: unknown) => setMailed({ error }),
    );

  return (
    <Narrow title={t('signIn.secondFactor')}>
      <Typography sx={{ mb: 2 }}>
        {t(isRecovery ? 'signIn.howRecovery' : factors.includes('authenticator') ? 'signIn.howApp' : 'signIn.howMail')}
      </Typography>
      {mailed && <Alert severity={mailed.error ? 'error' : 'success'} sx={{ mb: 2 }}>{mailed.error ? reasonOf(mailed.error, t) : t('signIn.mailed')}</Alert>}
      <Form key={String(isRecovery)} schema={oneCode} values={{ code: '' }} submit={t('signIn.submit')} send={({ code }) => send(code.trim())} beside={<Button onClick={back}>{t('action.back')}</Button>}>
        <Field
          name="code"
          label={t(isRecovery ? 'signIn.recoveryCode' : 'signIn.code')}
          autoComplete="one-time-code"
          autoFocus
          input={{ inputMode: isRecovery ? 'text' : 'numeric' }}
        />
      </Form>
      <Typography component="div" sx={{ mt: 2 }}>
        {factors.includes('emailCode') && !isRecovery && <Button onClick={() => void mail()}>{t('signIn.sendMail')}</Button>}
        <Button onClick={() => setRecovery(!isRecovery)}>{t(isRecovery ? 'signIn.useCode' : 'signIn.useRecovery')}</Button>
      </Typography>
    </Narrow>
  );
}
