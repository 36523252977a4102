import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import MuiLink from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import * as z from 'zod/mini';
import { api, body, type Schema } from '../../api/client';
import { CopyButton } from '../../app/CopyButton';
import { Field, Form } from '../../app/Form';
import { NotShown } from '../../app/Shown';
import { SidePanel } from '../../app/SidePanel';

type Act = 'authenticator' | 'authenticatorOff' | 'emailCode' | 'emailCodeOff' | 'recoveryCodes';

/** An app or mailed codes as the second factor, and the recovery codes for when neither is at hand (USR-07). */
export function SecondFactor() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const factor = useQuery({ queryKey: ['me', 'two-factor'], queryFn: () => body(api.GET('/api/v1/me/two-factor')) });
  const [act, setAct] = useState<Act>();
  if (!factor.data) return <NotShown of={factor} height={120} />;
  const { authenticator, emailCodes, recoveryCodesLeft } = factor.data;
  const close = () => {
    setAct(undefined);
    void queries.invalidateQueries({ queryKey: ['me', 'two-factor'] });
  };
  const isOn = authenticator || emailCodes;
  return (
    <>
      <Typography sx={{ mb: 1 }}>{t(isOn ? 'factor.on' : 'factor.off')}</Typography>
      <Line name={t('factor.authenticator')} state={t(authenticator ? 'factor.isOn' : 'factor.isOff')}>
        <Button onClick={() => setAct('authenticator')}>{t(authenticator ? 'factor.replace' : 'factor.setUp')}</Button>
        {authenticator && <Button onClick={() => setAct('authenticatorOff')}>{t('factor.turnOff')}</Button>}
      </Line>
      <Line name={t('factor.emailCode')} state={t(emailCodes ? 'factor.isOn' : 'factor.isOff')}>
        {emailCodes ? <Button onClick={() => setAct('emailCodeOff')}>{t('factor.turnOff')}</Button> : <Button onClick={() => setAct('emailCode')}>{t('factor.turnOn')}</Button>}
      </Line>
      {isOn && (
        <Line name={t('factor.recoveryCodes')} state={t('factor.left', { count: Number(recoveryCodesLeft) })}>
          <Button onClick={() => setAct('recoveryCodes')}>{t('factor.makeNew')}</Button>
        </Line>
      )}
      {act && (
        <SidePanel title={t(`factor.${act}`)} close={close}>
          {act === 'authenticator' && <Authenticator done={close} />}
          {act === 'emailCode' && <EmailCodes done={close} />}
          {act === 'recoveryCodes' && <NewCodes done={close} />}
          {act === 'authenticatorOff' && (
            <AskPassword
              how={t('factor.offHow')}
              submit={t('factor.turnOff')}
              send={async (password) => {
                await api.DELETE('/api/v1/me/two-factor/authenticator', { body: { password } });
                close();
              }}
            />
          )}
          {act === 'emailCodeOff' && (
            <AskPassword
              how={t('factor.offHow')}
              submit={t('factor.turnOff')}
              send={async (password) => {
                await api.DELETE('/api/v1/me/two-factor/email-code', { body: { password } });
                close();
              }}
            />
          )}
        </SidePanel>
      )}
    </>
  );
}

function Line({ name, state, children }: { name: string; state: string; children: ReactNode }) {
  return (
    <Box role="group" aria-label={name} sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 1, alignItems: 'center', py: 0.5, borderTop: 1, borderColor: 'divider' }}>
      <Box sx={{ flexGrow: 1 }}>
        <Typography sx={{ fontWeight: 600 }}>{name}</Typography>
        <Typography variant="body2" color="text.secondary">
          {state}
        </Typography>
      </Box>
      {children}
    </Box>
  );
}

const given = z.object({ password: z.string().check(z.minLength(1, 'signIn.passwordNeeded')) });

/** Whoever sits at an open session is not yet its person: changes take the password again. */
function AskPassword({ how, submit, send }: { how: string; submit: string; send: (password: string) => Promise<void> }) {
  const { t } = useTranslation();
  return (
    <Form schema={given} values={{ password: '' }} submit={submit} about={{ 'current-password-wrong': 'password' }} send={({ password }) => send(password)}>
      <Typography>{how}</Typography>
      <Field name="password" label={t('factor.password')} type="password" autoComplete="current-password" autoFocus />
    </Form>
  );
}

const oneCode = z.object({ code: z.string().check(z.trim(), z.minLength(1, 'signIn.codeNeeded')) });

function AskCode({ send, children }: { send: (code: string) => Promise<void>; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Form schema={oneCode} values={{ code: '' }} submit={t('factor.turnOn')} about={{ 'code-wrong': 'code' }} send={({ code }) => send(code)}>
      {children}
      <Field name="code" label={t('signIn.code')} autoComplete="one-time-code" autoFocus input={{ inputMode: 'numeric' }} />
    </Form>
  );
}

function Authenticator({ done }: { done: () => void }) {
  const { t } = useTranslation();
  const [enrolled, setEnrolled] = useState<Schema['EnrolAuthenticatorEnrolled']>();
  const [codes, setCodes] = useState<string[]>();
  if (codes) return <RecoveryCodes codes={codes} done={done} />;
  if (!enrolled)
    return (
      <AskPassword
        how={t('factor.authenticatorHow')}
        submit={t('factor.next')}
        send={async (password) => setEnrolled(await body(api.POST('/api/v1/me/two-factor/authenticator', { body: { password } })))}
      />
    );
  return (
    <AskCode send={async (code) => setCodes((await body(api.POST('/api/v1/me/two-factor/authenticator/confirm', { body: { code } }))).recoveryCodes)}>
      <Typography>{t('factor.scan')}</Typography>
      <Box component="img" src={`data:image/svg+xml,${encodeURIComponent(enrolled.qrCode)}`} alt={t('factor.qrCode')} sx={{ width: 220, maxWidth: '100%', bgcolor: '#fff', p: 1, alignSelf: 'center' }} />
      <Typography>
        {t('factor.orType')} <MuiLink href={enrolled.uri}>{t('factor.here')}</MuiLink>
      </Typography>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
        <Typography component="code" sx={{ fontFamily: 'monospace', overflowWrap: 'anywhere' }}>
          {enrolled.secret}
        </Typography>
        <CopyButton text={enrolled.secret} />
      </Box>
    </AskCode>
  );
}

function EmailCodes({ done }: { done: () => void }) {
  const { t } = useTranslation();
  const [isMailed, setMailed] = useState(false);
  const [codes, setCodes] = useState<string[]>();
  if (codes) return <RecoveryCodes codes={codes} done={done} />;
  if (!isMailed)
    return (
      <AskPassword
        how={t('factor.emailCodeHow')}
        submit={t('signIn.sendMail')}
        send={async (password) => {
          await api.POST('/api/v1/me/two-factor/email-code', { body: { password } });
          setMailed(true);
        }}
      />
    );
  return (
    <AskCode send={async (code) => setCodes((await body(api.POST('/api/v1/me/two-factor/email-code/confirm', { body: { code } }))).recoveryCodes)}>
      <Typography>{t('signIn.mailed')}</Typography>
    </AskCode>
  );
}

function NewCodes({ done }: { done: () => void }) {
  const { t } = useTranslation();
  const [codes, setCodes] = useState<string[]>();
  if (codes) return <RecoveryCodes codes={codes} done={done} />;
  return (
    <AskPassword
      how={t('factor.recoveryCodesHow')}
      submit={t('factor.makeNew')}
      send={async (password) => setCodes((await body(api.POST('/api/v1/me/two-factor/recovery-codes', { body: { password } }))).recoveryCodes)}
    />
  );
}

/** Shown here and nowhere else. */
function RecoveryCodes({ codes, done }: { codes: string[]; done: () => void }) {
  const { t } = useTranslation();
  return (
    <>
      <Alert severity="success" sx={{ mb: 2 }}>
        {t(codes.length > 0 ? 'factor.keep' : 'factor.kept')}
      </Alert>
      {codes.length > 0 && (
        <Box component="ul" sx={{ columns: '200px', listStyle: 'none', p: 0, fontFamily: 'monospace', fontSize: '1.1rem' }}>
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </Box>
      )}
      {codes.length > 0 && <CopyButton text={codes.join('\n')} />}
      <Button variant="contained" onClick={done}>
        {t('factor.done')}
      </Button>
    </>
  );
}
