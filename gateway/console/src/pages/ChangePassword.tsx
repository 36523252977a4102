import Typography from '@mui/material/Typography';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import * as z from 'zod/mini';
import { api, Problem } from '../api/client';
import { Field, Form } from '../app/Form';
import { nextOf } from '../app/next';
import { Narrow } from '../app/Page';
import { areSame, twice } from '../app/passwords';

const schema = z.object({ current: z.string().check(z.minLength(1, 'password.currentNeeded')), ...twice }).check(areSame);

/** For whoever came with a temporary password: nothing else opens before it is changed (USR-06). */
export function Page() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const queries = useQueryClient();
  return (
    <Narrow title={t('password.change')}>
      <Typography sx={{ mb: 2 }}>{t('password.changeWhy')}</Typography>
      <Form
        schema={schema}
        values={{ current: '', password: '', again: '' }}
        submit={t('password.save')}
        send={async ({ current, password }) => {
          try {
            await api.PUT('/api/v1/me/password', { body: { current, new: password } });
          } catch (error) {
            const problem = Problem.from(error);
            // The API calls the field what its request does.
            const { new: reasons, ...others } = problem.errors;
            throw reasons ? new Problem(problem.status, problem.code, problem.message, { ...others, password: reasons }) : error;
          }
          queries.clear();
          await navigate(nextOf(search), { replace: true });
        }}
      >
        <Field name="current" label={t('password.current')} type="password" autoComplete="current-password" autoFocus />
        <Field name="password" label={t('password.new')} type="password" autoComplete="new-password" helperText={t('password.rule')} />
        <Field name="again" label={t('password.again')} type="password" autoComplete="new-password" />
      </Form>
    </Narrow>
  );
}
