import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api, body, versioned, type Schema } from '../../api/client';
import { Facts } from '../../app/Facts';
import { formatInstant } from '../../app/format';
import { Logs } from '../../app/Logs';
import { Heading } from '../../app/Page';
import { Section } from '../../app/Section';
import { Shown } from '../../app/Shown';
import { SidePanel } from '../../app/SidePanel';
import { useStanding } from '../../app/standing';
import { Tabbed } from '../../app/Tabbed';
import { SubscriptionList } from '../subscriptions/SubscriptionList';
import { Administrators } from './Administrators';
import { Applicants } from './Applicants';
import { Classrooms } from './Classrooms';
import { EntitledApps } from './EntitledApps';
import { Members } from './Members';
import { Mentors } from './Mentors';
import { OrganizationForm } from './OrganizationForm';
import { Professionals } from './Professionals';
import { Settings } from './Settings';

type Organization = Schema['OrganizationRow'];

/** An organization in its parts (SUB-01). */
export function Page() {
  const id = useParams().id!;
  const organization = useQuery({ queryKey: ['organizations', id], queryFn: () => versioned(api.GET('/api/v1/organizations/{id}', { params: { path: { id } } })) });
  return <Shown of={organization}>{({ data, version }) => <Whole of={data} version={version} />}</Shown>;
}

function Whole({ of, version }: { of: Organization; version: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const id = of.id!;
  const { isAdmin, runs, administers } = useStanding(id);
  const [isEditing, setEditing] = useState(false);
  const isA = (kind: string) => of.kinds!.includes(kind);
  const parts = [
    { key: 'details', label: t('users.details'), content: <Details of={of} mayChange={runs} /> },
    { key: 'members', label: t('organizations.members'), content: <Members id={id} mayChange={runs} isAdmin={isAdmin} /> },
    ...(isA('customer') ? [{ key: 'applicants', label: t('organizations.applicants'), content: <Applicants id={id} mayChange={isAdmin} /> }] : []),
    { key: 'apps', label: t('organizations.apps'), content: <EntitledApps id={id} mayChange={isAdmin} /> },
    { key: 'subscriptions', label: t('subscriptions.title'), content: <SubscriptionList organizationId={id} /> },
    ...(isA('supplier')
      ? [
          { key: 'classrooms', label: t('suppliers.classrooms'), content: <Classrooms id={id} mayChange={administers('supplierAdmin')} /> },
          { key: 'professionals', label: t('suppliers.professionals'), content: <Professionals id={id} mayChange={administers('supplierAdmin')} isAdmin={isAdmin} runs={runs} /> },
        ]
      : []),
    ...(isA('customer') ? [{ key: 'mentors', label: t('suppliers.mentors'), content: <Mentors id={id} mayChange={administers('customerAdmin')} isAdmin={isAdmin} /> }] : []),
    ...(isA('supplier') || isA('customer')
      ? [{ key: 'administrators', label: t('services.administrators'), content: <Administrators id={id} kinds={of.kinds!} mayChange={runs} isAdmin={isAdmin} /> }]
      : []),
    ...(runs ? [{ key: 'logs', label: t('users.logs'), content: <OrganizationLogs id={id} /> }] : []),
  ];
  return (
    <>
      <Heading
        beside={
          isAdmin && (
            <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
              <Button variant="contained" onClick={() => setEditing(true)}>
                {t('action.edit')}
              </Button>
              <Button component={Link} to={`/audit/streams/organization-${id}`}>
                {t('audit.link')}
              </Button>
            </Box>
          )
        }
      >
        {of.name!}
      </Heading>
      <Tabbed name={of.name!} at={`/organizations/${id}`} parts={parts} />
      {isEditing && (
        <SidePanel title={t('organizations.edit')} close={() => setEditing(false)}>
          <OrganizationForm
            values={{ name: of.name!, kinds: of.kinds! }}
            submit={t('action.save')}
            send={async (typed) => {
              await api.PATCH('/api/v1/organizations/{id}', { params: { path: { id } }, headers: { 'If-Match': version }, body: typed });
              await queries.invalidateQueries({ queryKey: ['organizations'] });
              setEditing(false);
            }}
          />
        </SidePanel>
      )}
    </>
  );
}

function Details({ of, mayChange }: { of: Organization; mayChange: boolean }) {
  const { t } = useTranslation();
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { lg: '1fr 1fr' }, alignItems: 'start', '& > *': { minWidth: 0 } }}>
      <Section title={t('users.details')}>
        <Facts
          of={[
            [t('field.name'), of.name],
            [t('organizations.kinds'), of.kinds!.map((kind) => t(`kind.${kind}`)).join(', ')],
            [t('field.createdAt'), formatInstant(of.createdAt!)],
          ]}
        />
      </Section>
      <Section title={t('organizations.settings')}>
        <Settings id={of.id!} mayChange={mayChange} />
      </Section>
    </Box>
  );
}

function OrganizationLogs({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <Section title={t('users.logs')}>
      <Logs of={['organizations', id]} load={(page) => body(api.GET('/api/v1/organizations/{id}/logs', { params: { path: { id }, query: { page, pageSize: 50 } as never } }))} />
    </Section>
  );
}
