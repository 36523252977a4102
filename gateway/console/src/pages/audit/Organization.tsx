import Box from '@mui/material/Box';
import MuiLink from '@mui/material/Link';
import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import * as z from 'zod/mini';
import { api, body, type Schema } from '../../api/client';
import { DataList } from '../../app/DataList';
import { Choice, Form } from '../../app/Form';
import { formatNumber } from '../../app/format';
import { useListState } from '../../app/list';
import { useOrganizations } from '../../app/organizations';
import { Heading } from '../../app/Page';
import { Section } from '../../app/Section';
import { Changes, Instant, instantOf, services, typedOf } from './parts';

type Row = Schema['AuditChangesDifference'] & { id: string };

const period = z.object({
  organizationId: z.string().check(z.minLength(1, 'subscriptions.organizationNeeded')),
  from: z.string().check(z.minLength(1, 'audit.instantNeeded')),
});

/** What is different in all of an organization between two instants: its subscriptions with their seats, or its invitations (LOG-07). */
export function Page() {
  const { t } = useTranslation();
  const organizations = useOrganizations();
  const state = useListState(['organizationId', 'from', 'to', 'service'], 'streamId:asc');
  const { organizationId = '', from = '', to = '', service = '' } = state.filters;
  const compare = (id: string, query: object) =>
    body(api.GET('/api/v1/audit/organizations/{organizationId}/changes', { params: { path: { organizationId: id }, query: query as { from: string } } }));
  const changes = useQuery({
    queryKey: ['audit', 'organizations', state.query],
    queryFn: async () => {
      const page = await compare(organizationId, state.query);
      return { ...page, items: page.items.map((one): Row => ({ ...one, id: one.streamId })) };
    },
    enabled: organizationId !== '' && from !== '',
    placeholderData: keepPreviousData,
  });
  const version = (value: string | number | null) => (value === null ? '–' : formatNumber(value));
  const columns: GridColDef<Row>[] = [
    {
      field: 'streamId', headerName: t('audit.stream'), flex: 1, minWidth: 160,
      renderCell: ({ row }) => (
        <MuiLink component={Link} to={`/audit/streams/${encodeURIComponent(row.streamId)}`} sx={{ overflowWrap: 'anywhere' }}>
          {row.streamId}
        </MuiLink>
      ),
    },
    { field: 'versions', headerName: t('audit.version'), width: 110, sortable: false, renderCell: ({ row }) => `${version(row.fromVersion)} → ${version(row.toVersion)}` },
    { field: 'changes', headerName: t('audit.differences'), flex: 2, minWidth: 160, sortable: false, renderCell: ({ row }) => <Changes of={row.changes} /> },
  ];
  return (
    <>
      <Heading>{t('audit.organization')}</Heading>
      <Box sx={{ maxWidth: 640, mb: 2 }}>
        <Section title={t('audit.instants')}>
        <Form
          key={`${organizationId} ${organizations.length}`}
          schema={period}
          values={{ organizationId, service: service || 'subscriptions', from: typedOf(from), to: typedOf(to) }}
          submit={t('audit.compare')}
          send={async (typed) => {
            const asked = { from: instantOf(typed.from), to: instantOf(typed.to), service: typed.service };
            // What is wrong with it is said beside the fields, and the list is asked for what is right.
            await compare(typed.organizationId, { ...asked, pageSize: 1 });
            state.change({ ...asked, organizationId: typed.organizationId });
          }}
        >
          <Choice name="organizationId" label={t('field.organization')} options={[['', ''], ...organizations.map((one) => [one.id!, one.name!] as const)]} />
          <Choice name="service" label={t('audit.service')} options={services.map((one) => [one, t(`audit.services.${one}`)] as const)} />
          <Instant name="from" label={t('audit.from')} />
          <Instant name="to" label={t('audit.toNow')} />
        </Form>
        </Section>
      </Box>
      {changes.isEnabled && (
        <DataList name={t('audit.differences')} state={{ ...state, filters: {} }} columns={columns} narrow={['streamId', 'changes']} rows={changes} isSearched={false} none={t('audit.same')} />
      )}
    </>
  );
}
