import { useTranslation } from 'react-i18next';
import * as z from 'zod/mini';
import { Field, Form } from '../../app/Form';

const schema = z.object({ name: z.string().check(z.trim(), z.minLength(2, 'organizations.nameRule'), z.maxLength(100, 'organizations.nameRule')) });

/** What a service is called. */
export function NameForm({ name = '', submit, send }: { name?: string; submit: string; send: (typed: { name: string }) => Promise<void> }) {
  const { t } = useTranslation();
  return (
    <Form schema={schema} values={{ name }} submit={submit} send={send}>
      <Field name="name" label={t('field.name')} autoComplete="off" autoFocus />
    </Form>
  );
}
