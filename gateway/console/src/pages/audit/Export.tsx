import Alert from '@mui/material/Alert';
import { useState } from 'react';
import { useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client';
import { Choice, Field, Form } from '../../app/Form';
import { useOrganizations } from '../../app/organizations';
import { Instant, instantOf, save, services } from './parts';

/** One file of events as NDJSON and CSV, with a signed manifest to check them by (LOG-04). */
export function Export({ streams }: { streams: readonly string[] }) {
  const { t } = useTranslation();
  const organizations = useOrganizations();
  const [file, setFile] = useState<string>();
  return (
    <Form
      values={{ streamId: streams.join('\n'), userId: '', organizationId: '', from: '', to: '', service: 'identity' }}
      submit={t('audit.download')}
      send={async ({ streamId, userId, organizationId, from, to, service }) => {
        setFile(undefined);
        const named = streamId.split(/\s+/).filter((one) => one !== '');
        const query = {
          streamId: named,
          userId: userId.trim() || undefined,
          organizationId: organizationId || undefined,
          from: instantOf(from),
          to: instantOf(to),
          // Whose streams they are is in their ids.
          service: named.length > 0 ? undefined : service,
        };
        const { data, response } = await api.POST('/api/v1/audit/exports', { params: { query }, parseAs: 'blob' });
        const name = /filename="?([\w.-]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'invitehub-export.zip';
        save(name, data as unknown as Blob);
        setFile(name);
      }}
    >
      <Field name="streamId" label={t('audit.streams')} helperText={t('audit.streamsHow')} autoComplete="off" rows={2} />
      <Field name="userId" label={t('audit.person')} helperText={t('audit.personHow')} autoComplete="off" />
      <Choice name="organizationId" label={t('field.organization')} options={[['', t('value.any')], ...organizations.map((one) => [one.id!, one.name!] as const)]} />
      <Instant name="from" label={t('audit.from')} />
      <Instant name="to" label={t('audit.to')} />
      <Service />
      {file && <Alert severity="success">{t('audit.exported', { file })}</Alert>}
    </Form>
  );
}

function Service() {
  const { t } = useTranslation();
  const isNamed = useFormContext<{ streamId: string }>().watch('streamId').trim() !== '';
  return <Choice name="service" label={t('audit.service')} disabled={isNamed} options={services.map((one) => [one, t(`audit.services.${one}`)] as const)} />;
}
