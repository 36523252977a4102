import MuiLink from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import * as z from 'zod/mini';
import { api } from '../api/client';
import { Field, Form } from '../app/Form';
import { Narrow } from '../app/Page';

const schema = z.object({ email: z.string().check(z.trim(), z.minLength(1, 'signIn.emailNeeded')) });

/** Asks for a link to set a new password; whether the address is known here shows nowhere (USR-08). */
export function Page() {
  const { t } = useTranslation();
  const [sentTo, setSentTo] = useState<string>();
  const back = (
    <MuiLink component={Link} to="/sign-in">
      {t('signIn.title')}
    </MuiLink>
  );
  return (
    <Narrow title={t('forgotten.title')}>
      {sentTo ? (
        <>
          <Typography role="status" sx={{ mb: 2 }}>
            {t('forgotten.sent', { email: sentTo })}
          </Typography>
          {back}
        </>
      ) : (
        <Form
          schema={schema}
          values={{ email: '' }}
          submit={t('forgotten.submit')}
          send={async ({ email }) => {
            await api.POST('/api/v1/password-resets', { body: { email } });
            setSentTo(email.trim());
          }}
          beside={back}
        >
          <Field name="email" label={t('field.email')} type="email" autoComplete="username" helperText={t('forgotten.how')} autoFocus />
        </Form>
      )}
    </Narrow>
  );
}
