import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import * as z from 'zod/mini';
import { api, body } from '../api/client';
import { Field, Form } from '../app/Form';
import { LinkProblem } from '../app/LinkProblem';
import { Narrow } from '../app/Page';
import { areSame, twice } from '../app/passwords';
import { Loading } from './Errors';

const schema = z.object(twice).check(areSame);

/** Sets a new password by the link that was mailed; opening it uses nothing up (USR-08). */
export function Page() {
  const { t } = useTranslation();
  const path = { token: useParams().token! };
  const link = useQuery({ queryKey: ['password-reset', path], queryFn: () => body(api.GET('/api/v1/password-resets/{token}', { params: { path } })), staleTime: Infinity });
  const [isSet, setSet] = useState(false);

  if (isSet)
    return (
      <Narrow title={t('password.isSet')}>
        <Typography sx={{ mb: 2 }}>{t('password.isSetHow')}</Typography>
        <Button component={Link} to="/sign-in" variant="contained">
          {t('signIn.title')}
        </Button>
      </Narrow>
    );
  if (link.isPending) return <Loading />;
  if (link.error)
    return (
      <LinkProblem error={link.error} kind="reset">
        <Button component={Link} to="/forgotten-password" variant="contained">
          {t('forgotten.again')}
        </Button>
      </LinkProblem>
    );
  return (
    <Narrow title={t('password.choose')}>
      <Form
        schema={schema}
        values={{ password: '', again: '' }}
        submit={t('password.save')}
        send={async ({ password }) => {
          await api.PUT('/api/v1/password-resets/{token}', { params: { path }, body: { password } });
          setSet(true);
        }}
      >
        <Field name="password" label={t('password.new')} type="password" autoComplete="new-password" helperText={t('password.rule')} autoFocus />
        <Field name="again" label={t('password.again')} type="password" autoComplete="new-password" />
      </Form>
    </Narrow>
  );
}
