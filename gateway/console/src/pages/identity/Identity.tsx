import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import MuiLink from '@mui/material/Link';
import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api, body, type Schema } from '../../api/client';
import { DataList, Filter } from '../../app/DataList';
import { Field, Form } from '../../app/Form';
import { formatInstant } from '../../app/format';
import { useListState } from '../../app/list';
import { Heading } from '../../app/Page';
import { Section } from '../../app/Section';
import { useMe, useProfile } from '../../app/session';
import { SidePanel } from '../../app/SidePanel';
import { Parts } from '../../app/Tabbed';
import { NotFound } from '../Errors';
import { IdentityFacts, Steps, useIdentity } from './Steps';

const statuses = ['missing', 'draft', 'submitted', 'returned', 'validated'];

type Waiting = Schema['WaitingIdentity'] & { id: string };

const parts: Partial<Record<string, ReactNode>> = { own: <Own />, review: <Review />, people: <People /> };

/** One's own digital identity, those whom the reader may complete it for, and those that wait for whoever may validate them (IDN-02). */
export function Page() {
  const { t } = useTranslation();
  const part = useParams().part ?? 'own';
  const theirs = useQuery({ queryKey: ['identities', 'people', 'count'], queryFn: () => body(api.GET('/api/v1/users/identities/people', { params: { query: { pageSize: 1 } as never } })) });
  const reviews = Number(theirs.data?.total ?? 0) > 0;
  const shown = parts[part];
  if (!shown) return <NotFound />;
  return (
    <>
      <Heading>{t('shell.identity')}</Heading>
      {(reviews || part !== 'own') && (
        <Parts name={t('shell.identity')} at={`/identity/${part}`} of={Object.keys(parts).map((one) => [`/identity/${one}`, t(`identity.${one}`)] as const)} />
      )}
      {shown}
    </>
  );
}

function Own() {
  const { t } = useTranslation();
  const profile = useProfile();
  return (
    <Box sx={{ maxWidth: 640 }}>
      <Section title={t('identity.register')}>{profile.data && <Steps of={{ known: profile.data }} />}</Section>
    </Box>
  );
}

function Review() {
  const { t } = useTranslation();
  const state = useListState([], 'submittedAt:asc');
  const waiting = useQuery({
    queryKey: ['identities', state.query],
    queryFn: async () => {
      const page = await body(api.GET('/api/v1/users/identities', { params: { query: state.query as never } }));
      return { ...page, items: page.items.map((row) => ({ ...row, id: row.userId })) };
    },
    placeholderData: keepPreviousData,
  });
  const [reviewed, setReviewed] = useState<Waiting>();
  const columns: GridColDef<Waiting>[] = [
    { field: 'firstName', headerName: t('field.firstName'), flex: 1, minWidth: 110 },
    { field: 'lastName', headerName: t('field.lastName'), flex: 1, minWidth: 110 },
    { field: 'email', headerName: t('field.email'), flex: 2, minWidth: 180, sortable: false },
    { field: 'submittedAt', headerName: t('identity.submittedAt'), minWidth: 160, valueFormatter: formatInstant },
    {
      field: 'actions', headerName: t('list.actions'), width: 110, sortable: false,
      renderCell: ({ row }) => <Button onClick={() => setReviewed(row)}>{t('identity.look')}</Button>,
    },
  ];
  return (
    <>
      <DataList name={t('identity.review')} state={state} columns={columns} narrow={['firstName', 'lastName', 'actions']} rows={waiting} isSearched={false} none={t('identity.noneWaits')} />
      {reviewed && (
        <SidePanel title={`${reviewed.firstName} ${reviewed.lastName}`} close={() => setReviewed(undefined)}>
          <Decide of={reviewed} done={() => setReviewed(undefined)} />
        </SidePanel>
      )}
    </>
  );
}

/** Whose identity the reader may register or review: found by name, address, or how far it has come. */
function People() {
  const { t } = useTranslation();
  const state = useListState(['status'], 'firstName:asc');
  const people = useQuery({
    queryKey: ['identities', 'people', state.query],
    queryFn: async () => {
      const page = await body(api.GET('/api/v1/users/identities/people', { params: { query: state.query as never } }));
      return { ...page, items: page.items.map((row) => ({ ...row, id: row.userId })) };
    },
    placeholderData: keepPreviousData,
  });
  const columns: GridColDef<Schema['IdentityPerson'] & { id: string }>[] = [
    {
      field: 'firstName', headerName: t('field.firstName'), flex: 1, minWidth: 110,
      renderCell: ({ row }) => (
        <MuiLink component={Link} to={`/users/${row.userId}/identity`}>
          {row.firstName}
        </MuiLink>
      ),
    },
    { field: 'lastName', headerName: t('field.lastName'), flex: 1, minWidth: 110 },
    { field: 'email', headerName: t('field.email'), flex: 2, minWidth: 180 },
    { field: 'status', headerName: t('shell.identity'), flex: 1, minWidth: 130, sortable: false, valueFormatter: (status: string) => t(`identity.status.${status}`, { defaultValue: status }) },
  ];
  return (
    <DataList
      name={t('identity.people')}
      state={state}
      columns={columns}
      narrow={['firstName', 'lastName', 'status']}
      rows={people}
      filters={<Filter state={state} name="status" label={t('shell.identity')} options={statuses.map((one) => [one, t(`identity.status.${one}`)] as const)} />}
    />
  );
}

/** Validates, or returns with what is to be corrected; the person is shown it. */
function Decide({ of, done }: { of: Waiting; done: () => void }) {
  const { t } = useTranslation();
  const me = useMe().data!;
  const queries = useQueryClient();
  const identity = useIdentity(of.userId);
  const params = { path: { id: of.userId } };
  const decided = () => {
    void queries.invalidateQueries({ queryKey: ['identities'] });
    void queries.invalidateQueries({ queryKey: ['identity', of.userId] });
    done();
  };
  return (
    <>
      {identity.data && <IdentityFacts of={identity.data.details} />}
      {me.systemRole === 'systemAdmin' && (
        <MuiLink component={Link} to={`/users/${of.userId}`}>
          {t('users.open')}
        </MuiLink>
      )}
      <Box sx={{ my: 2 }}>
        <Form
          values={{}}
          submit={t('identity.validate')}
          send={async () => {
            await api.POST('/api/v1/users/{id}/identity/validate', { params });
            decided();
          }}
        >
          {null}
        </Form>
      </Box>
      <Form
        values={{ reason: '' }}
        submit={t('identity.return')}
        send={async ({ reason }) => {
          await api.POST('/api/v1/users/{id}/identity/return', { params, body: { reason } });
          decided();
        }}
      >
        <Field name="reason" label={t('identity.returnWhy')} rows={2} />
      </Form>
    </>
  );
}
