import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import Typography from '@mui/material/Typography';
import { useFieldArray } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import * as z from 'zod/mini';
import { Field, Form } from '../../app/Form';
import { CloseIcon } from '../../app/icons';

const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(2, 'organizations.nameRule'), z.maxLength(100, 'organizations.nameRule')),
  roles: z.array(
    z.object({
      key: z.string().check(z.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'apps.keyRule'), z.maxLength(50, 'apps.keyRule')),
      name: z.string().check(z.trim(), z.minLength(1, 'apps.roleNameRule'), z.maxLength(100, 'apps.roleNameRule')),
    }),
  ),
});

interface Values {
  name: string;
  roles: { key: string; name: string }[];
}

/** What an app is called, and its roles: those that it has already keep their keys, since people may hold them. */
export function AppForm({ values = { name: '', roles: [{ key: '', name: '' }] }, kept = 0, submit, send }: { values?: Values; kept?: number; submit: string; send: (typed: Values) => Promise<void> }) {
  const { t } = useTranslation();
  return (
    <Form schema={schema} values={values} submit={submit} send={send}>
      <Field name="name" label={t('field.name')} autoComplete="off" autoFocus />
      <Roles kept={kept} />
    </Form>
  );
}

function Roles({ kept }: { kept: number }) {
  const { t } = useTranslation();
  const { fields, append, remove } = useFieldArray<Values>({ name: 'roles' });
  return (
    <>
      <Typography variant="h3" sx={{ fontSize: '1rem', fontWeight: 600 }}>
        {t('field.roles')}
      </Typography>
      <Typography variant="body2" color="text.secondary">
        {t('apps.rolesHow')}
      </Typography>
      {fields.map(({ id, key }, n) => (
        <Box key={id} role="group" aria-label={t('apps.roleNumber', { number: n + 1 })} sx={{ display: 'flex', gap: 1, alignItems: 'flex-start' }}>
          {n < kept ? <Field name={`roles.${n}.key`} label={t('apps.key')} value={key} /> : <Field name={`roles.${n}.key`} label={t('apps.key')} autoComplete="off" />}
          <Field name={`roles.${n}.name`} label={t('field.name')} autoComplete="off" />
          {n >= kept && fields.length > 1 && (
            <IconButton aria-label={t('apps.removeRole', { number: n + 1 })} onClick={() => remove(n)} sx={{ mt: 1 }}>
              <CloseIcon />
            </IconButton>
          )}
        </Box>
      ))}
      {fields.length < 50 && (
        <Box>
          <Button onClick={() => append({ key: '', name: '' })}>{t('apps.addRole')}</Button>
        </Box>
      )}
    </>
  );
}
