import Typography from '@mui/material/Typography';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import * as z from 'zod/mini';
import { api, body } from '../api/client';
import { Field, Form } from '../app/Form';
import { LinkProblem } from '../app/LinkProblem';
import { Narrow } from '../app/Page';
import { currentLanguage } from '../i18n/i18n';
import { Loading } from './Errors';

const schema = z.object({ email: z.string().check(z.trim(), z.minLength(1, 'signIn.emailNeeded')), firstName: z.string(), lastName: z.string() });

/** A link for a whole team: whoever has it asks for an invitation of their own, whose mail proves the address. */
export function Page() {
  const { t } = useTranslation();
  const params = { path: { token: useParams().token! } };
  const link = useQuery({ queryKey: ['team-link', params], queryFn: () => body(api.GET('/api/v1/registrations/team-links/{token}', { params })), staleTime: Infinity });
  const [sentTo, setSentTo] = useState<string>();
  if (link.isPending) return <Loading />;
  if (link.error) return <LinkProblem error={link.error} kind="invitation" />;
  const { organization, app, role, domains } = link.data;
  return (
    <Narrow title={t('team.title', { organization })}>
      {sentTo ? (
        <Typography role="status">{t('team.sent', { email: sentTo })}</Typography>
      ) : (
        <>
          <Typography sx={{ mb: 2 }}>{t('team.role', { role, app })}</Typography>
          <Form
            schema={schema}
            values={{ email: '', firstName: '', lastName: '' }}
            submit={t('team.submit')}
            send={async (typed) => {
              await api.POST('/api/v1/registrations/team-links/{token}', { params, body: { ...typed, language: currentLanguage() } });
              setSentTo(typed.email);
            }}
          >
            <Field name="email" label={t('field.email')} type="email" autoComplete="email" helperText={domains.length > 0 && t('team.domains', { domains: domains.join(', ') })} />
            <Field name="firstName" label={t('field.firstName')} autoComplete="given-name" />
            <Field name="lastName" label={t('field.lastName')} autoComplete="family-name" />
          </Form>
        </>
      )}
    </Narrow>
  );
}
