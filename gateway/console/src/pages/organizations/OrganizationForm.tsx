import { useTranslation } from 'react-i18next';
import * as z from 'zod/mini';
import { Field, Form, Ticks } from '../../app/Form';

export const kinds = ['business', 'customer', 'supplier'] as const;

const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(2, 'organizations.nameRule'), z.maxLength(100, 'organizations.nameRule')),
  kinds: z.array(z.string()).check(z.minLength(1, 'organizations.kindNeeded')),
});

interface Values {
  name: string;
  kinds: string[];
}

/** What an organization is called, and what it is. */
export function OrganizationForm({ values = { name: '', kinds: [] }, submit, send }: { values?: Values; submit: string; send: (typed: Values) => Promise<void> }) {
  const { t } = useTranslation();
  return (
    <Form schema={schema} values={values} submit={submit} send={send}>
      <Field name="name" label={t('field.name')} autoComplete="off" autoFocus />
      <Ticks name="kinds" label={t('organizations.kinds')} helperText={t('organizations.kindsHow')} options={kinds.map((one) => [one, t(`kind.${one}`)] as const)} />
    </Form>
  );
}
