import { useTranslation } from 'react-i18next';
import * as z from 'zod/mini';
import { api, Problem } from '../api/client';
import { Field, Form } from './Form';
import { areSame, twice } from './passwords';

const schema = z.object({ current: z.string().check(z.minLength(1, 'password.currentNeeded')), ...twice }).check(areSame);

/** Changes the reader's own password (USR-08). */
export function OwnPassword({ done, autoFocus }: { done: () => Promise<void> | void; autoFocus?: boolean }) {
  const { t } = useTranslation();
  return (
    <Form
      schema={schema}
      values={{ current: '', password: '', again: '' }}
      submit={t('password.save')}
      about={{ 'current-password-wrong': 'current' }}
      send={async ({ current, password }) => {
        try {
          await api.PUT('/api/v1/me/password', { body: { current, new: password } });
        } catch (error) {
          const problem = Problem.from(error);
          // The API calls the field what its request does.
          const { new: reasons, ...others } = problem.errors;
          throw reasons ? new Problem(problem.status, problem.code, problem.message, { ...others, password: reasons }) : error;
        }
        await done();
      }}
    >
      <Field name="current" label={t('password.current')} type="password" autoComplete="current-password" autoFocus={autoFocus} />
      <Field name="password" label={t('password.new')} type="password" autoComplete="new-password" helperText={t('password.rule')} />
      <Field name="again" label={t('password.again')} type="password" autoComplete="new-password" />
    </Form>
  );
}
