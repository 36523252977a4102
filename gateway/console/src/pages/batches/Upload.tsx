import MuiLink from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import { useRef } from 'react';
import { useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client';
import { AppAndRole, OrganizationChoice } from '../../app/choices';
import { Choice, Field, Form } from '../../app/Form';
import { useOnce } from '../../app/once';

/** Sends a file, or rows that were typed or copied from a spreadsheet, to be looked at: nothing is done before what it would do was shown (INV-24). */
export function Upload({ done }: { done: (id: string) => void }) {
  const { t } = useTranslation();
  const file = useRef<HTMLInputElement>(null);
  const once = useOnce();
  return (
    <Form
      values={{ way: 'access', organizationId: '', appId: '', subscriptionId: '', role: '', file: '', rows: '' }}
      submit={t('batches.check')}
      send={async ({ way, organizationId, appId, subscriptionId, role, rows }) => {
        const query = Object.fromEntries(Object.entries({ way, organizationId, appId, subscriptionId, role, dryRun: 'true' }).filter(([, value]) => value !== ''));
        const { data } = await once((headers) =>
          api.POST('/api/v1/invitations/batches', {
            params: { query: query as never },
            body: (file.current?.files?.[0] ?? rows) as never,
            bodySerializer: (content: unknown) => content as BodyInit,
            headers: { 'Content-Type': 'text/csv', ...headers },
          }),
        );
        done(data!.id);
      }}
    >
      <Choice
        name="way"
        label={t('invitations.way')}
        options={[
          ['access', t('way.access')],
          ['customer', t('way.customer')],
        ]}
      />
      <Target />
      <Field name="file" label={t('batches.file')} type="file" input={{ accept: '.csv,text/csv' }} fileRef={file} />
      <Field name="rows" label={t('batches.typed')} helperText={t('batches.typedHow')} rows={3} />
    </Form>
  );
}

/** What the rows invite to that don't say it themselves, and the columns that they may have. */
function Target() {
  const { t } = useTranslation();
  const way = useFormContext<{ way: string }>().watch('way');
  return (
    <>
      <Typography variant="body2">
        <MuiLink href={`/api/v1/invitations/batches/template.csv?way=${way}`} download={`${way}.csv`}>
          {t('batches.template')}
        </MuiLink>
      </Typography>
      <OrganizationChoice kind={way === 'access' ? 'business' : 'customer'} label={t('field.organization')} />
      {way === 'access' && <AppAndRole />}
    </>
  );
}
