import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { api, body, type Schema } from '../../api/client';
import { Confirm } from '../../app/Confirm';
import { DataList, Filter } from '../../app/DataList';
import { Facts } from '../../app/Facts';
import { formatInstant, formatNumber, formatSecond } from '../../app/format';
import { useListState } from '../../app/list';
import { useOrganizations } from '../../app/organizations';
import { Heading } from '../../app/Page';
import { RowMenu } from '../../app/RowMenu';
import { Section } from '../../app/Section';
import { NotShown } from '../../app/Shown';
import { Acting, actsOf, type Act } from './actions';
import { StateOf } from './Webhooks';

type Event = Schema['ListWebhookEventsView'];
type Replay = { of: Event; what: 'replay' | 'replayFrom' };

/** A webhook: what it hears, what it was told and what was given up, to be told again (NOT-05). */
export function Page() {
  const { t } = useTranslation();
  const path = { id: useParams().id! };
  const navigate = useNavigate();
  const organizations = useOrganizations();
  const webhook = useQuery({ queryKey: ['webhooks', path.id], queryFn: () => body(api.GET('/api/v1/webhooks/{id}', { params: { path } })) });
  const state = useListState(['state'], '');
  const events = useQuery({
    queryKey: ['webhooks', path.id, 'events', state.query],
    queryFn: () => body(api.GET('/api/v1/webhooks/{id}/events', { params: { path, query: { ...state.query, sort: state.sort || undefined } as never } })),
    placeholderData: keepPreviousData,
  });
  const [act, setAct] = useState<Act>();
  const [replay, setReplay] = useState<Replay>();
  if (!webhook.data) return <NotShown of={webhook} />;

  const one = webhook.data;
  const columns: GridColDef<Event>[] = [
    { field: 'position', headerName: t('webhooks.position'), width: 120 },
    { field: 'kind', headerName: t('webhooks.kind'), flex: 1, minWidth: 130, sortable: false, valueFormatter: (kind: string) => t(`webhooks.kinds.${kind}`, { defaultValue: kind }) },
    { field: 'at', headerName: t('webhooks.at'), minWidth: 190, sortable: false, valueFormatter: formatSecond },
    { field: 'state', headerName: t('field.status'), minWidth: 100, sortable: false, valueFormatter: (value: string) => t(`webhooks.states.${value}`, { defaultValue: value }) },
    { field: 'reason', headerName: t('webhooks.reason'), flex: 1, minWidth: 150, sortable: false },
    {
      field: 'actions', headerName: t('list.actions'), width: 90, sortable: false,
      renderCell: ({ row }) => (
        <RowMenu
          of={t('webhooks.eventAt', { position: row.position })}
          actions={[
            ...(row.state === 'failed' ? [[t('webhooks.replay'), () => setReplay({ of: row, what: 'replay' })] as const] : []),
            [t('webhooks.replayFrom'), () => setReplay({ of: row, what: 'replayFrom' })],
          ]}
        />
      ),
    },
  ];
  return (
    <>
      <Heading
        beside={
          <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
            {actsOf(one).map((what) => (
              <Button key={what} variant={what === 'edit' ? 'contained' : 'text'} onClick={() => setAct(what)}>
                {t(`${what === 'edit' ? 'action' : 'webhooks'}.${what}`)}
              </Button>
            ))}
          </Box>
        }
      >
        {one.url!}
      </Heading>
      <Section title={t('webhooks.settings')}>
        <Facts
          of={[
            [t('field.organization'), organizations.find((it) => it.id === one.organizationId)?.name ?? one.organizationId],
            [t('webhooks.state'), <StateOf webhook={one} />],
            [t('webhooks.hears'), one.events!.map((kind) => t(`webhooks.kinds.${kind}`, { defaultValue: kind })).join(', ')],
            [t('webhooks.withDetails'), t(one.includesDetails ? 'value.yes' : 'value.no')],
            [t('webhooks.told'), formatNumber(one.position!)],
            [t('webhooks.failed'), formatNumber(one.failed!)],
            [t('webhooks.problem'), one.error],
            [t('field.createdAt'), formatInstant(one.createdAt!)],
          ]}
        />
      </Section>
      <Box sx={{ mt: 2 }}>
        <Typography variant="h2" sx={{ mb: 1.5 }}>
          {t('webhooks.events')}
        </Typography>
        <DataList
          name={t('webhooks.events')}
          state={state}
          columns={columns}
          narrow={['kind', 'state', 'actions']}
          rows={events}
          isSearched={false}
          filters={<Filter state={state} name="state" label={t('field.status')} options={['delivered', 'waiting', 'failed'].map((value) => [value, t(`webhooks.states.${value}`)] as const)} />}
        />
      </Box>
      {act && <Acting what={act} on={one} close={() => setAct(undefined)} removed={() => void navigate('/webhooks')} />}
      {replay && <Replaying {...replay} id={path.id} close={() => setReplay(undefined)} />}
    </>
  );
}

/** Sends one event again that was given up, or all from one on. */
function Replaying({ of, what, id, close }: Replay & { id: string; close: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  return (
    <Confirm
      title={t(`webhooks.${what}`)}
      submit={t(`webhooks.${what}`)}
      close={close}
      run={async () => {
        await (what === 'replay'
          ? api.POST('/api/v1/webhooks/{id}/events/{eventId}/replay', { params: { path: { id, eventId: of.id! } } })
          : api.POST('/api/v1/webhooks/{id}/replay', { params: { path: { id } }, body: { position: of.position! } }));
        await queries.invalidateQueries({ queryKey: ['webhooks', id] });
      }}
    >
      <Typography>{t(`webhooks.${what}How`, { position: formatNumber(of.position!) })}</Typography>
    </Confirm>
  );
}
