import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import MuiLink from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api, body, type Schema } from '../../api/client';
import { DataList } from '../../app/DataList';
import { reasonOf } from '../../app/errors';
import { Facts } from '../../app/Facts';
import { formatNumber, formatSecond } from '../../app/format';
import { useListState } from '../../app/list';
import { Heading } from '../../app/Page';
import { Section } from '../../app/Section';
import { NotShown } from '../../app/Shown';
import { SidePanel } from '../../app/SidePanel';
import { Differences } from './Differences';
import { Source } from './parts';
import { StateThen } from './StateThen';

type Event = Schema['AuditStreamsEventThen'];

/** A stream: its state at any time, what is different between two, its events, and whether its chain holds (LOG-02, LOG-03, LOG-07). */
export function Page() {
  const { t } = useTranslation();
  const path = { streamId: useParams().id! };
  const list = useListState([], 'version:desc');
  const events = useQuery({
    queryKey: ['audit', path.streamId, 'events', list.query],
    queryFn: () => body(api.GET('/api/v1/audit/streams/{streamId}/events', { params: { path, query: list.query as never } })),
    placeholderData: keepPreviousData,
  });
  const verdict = useMutation({ mutationFn: () => body(api.GET('/api/v1/audit/streams/{streamId}/verify', { params: { path } })) });
  const [shown, setShown] = useState<Event>();
  if (!events.data) return <NotShown of={events} />;

  const versions = Number(events.data.total);
  const columns: GridColDef<Event>[] = [
    { field: 'version', headerName: t('audit.version'), width: 120 },
    {
      field: 'type', headerName: t('audit.event'), flex: 1, minWidth: 180, sortable: false,
      renderCell: ({ row }) => (
        <MuiLink component="button" onClick={() => setShown(row)} sx={{ textAlign: 'left', overflowWrap: 'anywhere' }}>
          {row.type}
        </MuiLink>
      ),
    },
    { field: 'at', headerName: t('audit.at'), minWidth: 190, sortable: false, valueFormatter: formatSecond },
    { field: 'by', headerName: t('audit.by'), flex: 1, minWidth: 200, sortable: false, renderCell: ({ row }) => <Person id={row.by} /> },
  ];
  return (
    <>
      <Heading
        beside={
          <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
            <Button variant="contained" loading={verdict.isPending} onClick={() => verdict.mutate()}>
              {t('audit.verify')}
            </Button>
            <Button component={Link} to={`/audit?streamId=${encodeURIComponent(path.streamId)}`}>
              {t('audit.exportOne')}
            </Button>
            {path.streamId.startsWith('organization-') && (
              <Button component={Link} to={`/audit/organizations?organizationId=${path.streamId.slice('organization-'.length)}`}>
                {t('audit.organization')}
              </Button>
            )}
            <Button href={`/api/v1/audit/streams/${encodeURIComponent(path.streamId)}/public-key`} download="public.pem">
              {t('audit.publicKey')}
            </Button>
          </Box>
        }
      >
        {path.streamId}
      </Heading>
      <Box role="status">
        {verdict.data && (
          <Alert severity={verdict.data.holds ? 'success' : 'error'} sx={{ mb: 2 }}>
            {verdict.data.holds ? t('audit.holds', { count: Number(verdict.data.version) }) : t('audit.broken', { version: verdict.data.brokenAt })}
          </Alert>
        )}
      </Box>
      {verdict.error && (
        <Alert severity="error" sx={{ mb: 2 }}>
          {reasonOf(verdict.error, t)}
        </Alert>
      )}
      {versions > 0 && (
        <Box sx={{ display: 'grid', gap: 2, mb: 2, gridTemplateColumns: { lg: '1fr 1fr' }, alignItems: 'start', '& > *': { minWidth: 0 } }}>
          <Section title={t('audit.state')}>
            <StateThen streamId={path.streamId} versions={versions} />
          </Section>
          <Section title={t('audit.differences')}>
            <Differences streamId={path.streamId} versions={versions} />
          </Section>
        </Box>
      )}
      <Typography variant="h2" sx={{ mb: 1 }}>{t('audit.events')}</Typography>
      <DataList name={t('audit.events')} state={list} columns={columns} narrow={['version', 'type']} rows={events} isSearched={false} />
      {shown && (
        <SidePanel title={shown.type} close={() => setShown(undefined)}>
          <Facts
            of={[
              [t('audit.version'), formatNumber(shown.version)],
              [t('audit.at'), formatSecond(shown.at)],
              [t('audit.by'), shown.by && <Person id={shown.by} />],
              [t('audit.id'), shown.id],
              [t('audit.correlation'), shown.correlationId],
              [t('audit.causation'), shown.causationId],
            ]}
          />
          <Source of={shown.data} name={t('audit.data')} />
        </SidePanel>
      )}
    </>
  );
}

/** Who did it, where somebody did. */
function Person({ id }: { id: string | null }) {
  const isOne = /^[0-9a-f-]{36}$/.test(id ?? '');
  return isOne ? (
    <MuiLink component={Link} to={`/users/${id}`}>
      {id}
    </MuiLink>
  ) : (
    id
  );
}
