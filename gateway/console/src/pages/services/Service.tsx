import Button from '@mui/material/Button';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { api, body, versioned, type Schema } from '../../api/client';
import { Logs } from '../../app/Logs';
import { Heading } from '../../app/Page';
import { Section } from '../../app/Section';
import { useMe } from '../../app/session';
import { Shown } from '../../app/Shown';
import { SidePanel } from '../../app/SidePanel';
import { Tabbed } from '../../app/Tabbed';
import { Administrators } from './Administrators';
import { NameForm } from './NameForm';

/** A service: who administers it, and what happened (SUB-01, ROL-05). */
export function Page() {
  const id = useParams().id!;
  const service = useQuery({ queryKey: ['services', id], queryFn: () => versioned(api.GET('/api/v1/services/{id}', { params: { path: { id } } })) });
  return <Shown of={service}>{({ data, version }) => <Whole of={data} version={version} />}</Shown>;
}

function Whole({ of, version }: { of: Schema['ServiceRow']; version: string }) {
  const { t } = useTranslation();
  const isAdmin = useMe().data!.systemRole === 'systemAdmin';
  const queries = useQueryClient();
  const [isEditing, setEditing] = useState(false);
  const path = { id: of.id! };
  const logs = (
    <Section title={t('users.logs')}>
      <Logs of={['services', of.id]} load={(page) => body(api.GET('/api/v1/services/{id}/logs', { params: { path, query: { page, pageSize: 50 } as never } }))} />
    </Section>
  );
  return (
    <>
      <Heading beside={isAdmin && <Button variant="contained" onClick={() => setEditing(true)}>{t('action.edit')}</Button>}>{of.name!}</Heading>
      <Tabbed
        name={of.name!}
        at={`/services/${of.id}`}
        parts={[
          { key: 'administrators', label: t('services.administrators'), content: <Administrators id={of.id!} mayChange={isAdmin} /> },
          ...(isAdmin ? [{ key: 'logs', label: t('users.logs'), content: logs }] : []),
        ]}
      />
      {isEditing && (
        <SidePanel title={t('services.edit')} close={() => setEditing(false)}>
          <NameForm
            name={of.name!}
            submit={t('action.save')}
            send={async (typed) => {
              await api.PATCH('/api/v1/services/{id}', { params: { path }, headers: { 'If-Match': version }, body: typed });
              await queries.invalidateQueries({ queryKey: ['services'] });
              setEditing(false);
            }}
          />
        </SidePanel>
      )}
    </>
  );
}
