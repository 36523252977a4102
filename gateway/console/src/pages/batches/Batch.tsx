import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import LinearProgress from '@mui/material/LinearProgress';
import Typography from '@mui/material/Typography';
import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { api, body, type Schema } from '../../api/client';
import { AwaitsApproval, WhoApproves } from '../../app/Approval';
import { Confirm } from '../../app/Confirm';
import { DataList, Filter } from '../../app/DataList';
import { refusalOf } from '../../app/errors';
import { Facts } from '../../app/Facts';
import { formatNumber } from '../../app/format';
import { useListState } from '../../app/list';
import { Heading } from '../../app/Page';
import { fieldReason } from '../../app/reasons';
import { Section } from '../../app/Section';
import { useMe } from '../../app/session';
import { NotShown } from '../../app/Shown';

type Row = Schema['BatchRowView'];
type Act = 'approve' | 'reject' | 'commit' | 'cancel' | 'undo';

const isMoving = (status: string | undefined) => status === 'checking' || status === 'running' || status === 'undoing';
const acts: Record<string, readonly Act[]> = { checking: ['cancel'], ready: ['commit', 'cancel'], running: ['cancel'], finished: ['undo'], cancelled: ['undo'] };

/** Whether it goes on only once a second person has approved it (INV-23). */
export const awaitsApproval = ({ status, approval }: Schema['BatchView']) => status === 'ready' && approval === 'awaited';

/** What a reader can do with a batch as it stands; nobody approves their own. */
const actsOf = (one: Schema['BatchView'], isOwn: boolean): readonly Act[] => (awaitsApproval(one) ? (isOwn ? ['cancel'] : ['approve', 'reject', 'cancel']) : (acts[one.status!] ?? []));

/** A batch: what it would do row by row, how far it has come, and what became of it (INV-20, INV-24). */
export function Page() {
  const { t } = useTranslation();
  const me = useMe().data!;
  const path = { id: useParams().id! };
  const queries = useQueryClient();
  const batch = useQuery({
    queryKey: ['batch', path.id],
    queryFn: () => body(api.GET('/api/v1/invitations/batches/{id}', { params: { path } })),
    refetchInterval: ({ state }) => isMoving(state.data?.status) && 1000,
  });
  const state = useListState(['state'], '');
  const rows = useQuery({
    // What became of the rows has changed when the batch has.
    queryKey: ['batch', path.id, 'rows', batch.data?.status, state.query],
    queryFn: async () => {
      const page = await body(api.GET('/api/v1/invitations/batches/{id}/rows', { params: { path, query: { ...state.query, sort: undefined } as never } }));
      return { ...page, items: page.items.map((row) => ({ ...row, id: row.line! })) };
    },
    placeholderData: keepPreviousData,
    refetchInterval: isMoving(batch.data?.status) && 1000,
  });
  const [act, setAct] = useState<Act>();
  if (!batch.data) return <NotShown of={batch} />;

  const one = batch.data;
  const isOwn = one.startedBy === me.id;
  const [total, settled] = [Number(one.total), Number(one.done) + Number(one.failed) + Number(one.cancelled)];
  const columns: GridColDef<Row & { id: number | string }>[] = [
    { field: 'line', headerName: t('batches.line'), width: 70, sortable: false },
    { field: 'state', headerName: t('field.status'), minWidth: 110, sortable: false, valueFormatter: (value: string) => t(`rowState.${value}`, { defaultValue: value }) },
    { field: 'plan', headerName: t('batches.plan'), minWidth: 120, sortable: false, valueFormatter: (value: string | null) => value && t(`plan.${value}`, { defaultValue: value }) },
    { field: 'columns', headerName: t('batches.columns'), minWidth: 120, sortable: false },
    {
      field: 'reason', headerName: t('batches.reason'), flex: 1, minWidth: 150, sortable: false,
      valueGetter: (reason: string | null, { code }) => reason && (code === 'validation-failed' ? fieldReason(reason) : refusalOf({ code: code ?? '', detail: reason }, t)),
    },
  ];
  return (
    <>
      <Heading
        beside={
          <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
            {actsOf(one, isOwn).map((what) => (
              <Button key={what} variant={what === 'commit' || what === 'approve' ? 'contained' : 'text'} onClick={() => setAct(what)}>
                {t(`batches.${what}`)}
              </Button>
            ))}
          </Box>
        }
      >
        {t('batches.title', { count: total })}
      </Heading>
      {awaitsApproval(one) && <WhoApproves isOwn={isOwn} />}
      <Section title={t(`batchStatus.${one.status}`)}>
        {isMoving(one.status) && (
          <LinearProgress
            aria-label={t('batches.progress')}
            variant={one.status === 'running' && total > 0 ? 'determinate' : 'indeterminate'}
            value={one.status === 'running' && total > 0 ? (100 * settled) / total : undefined}
            sx={{ mb: 2 }}
          />
        )}
        <Facts
          of={[
            [t('field.approval'), one.approval && (awaitsApproval(one) ? <AwaitsApproval /> : one.approval !== 'awaited' && t(`approval.${one.approval}`))],
            [t('batches.total'), formatNumber(one.total!)],
            [t('batches.planned'), formatNumber(one.planned!)],
            [t('batches.done'), formatNumber(one.done!)],
            [t('batches.failed'), formatNumber(one.failed!)],
            [t('batches.undone'), Number(one.undone) > 0 && formatNumber(one.undone!)],
          ]}
        />
        {(one.seats ?? []).map((seat) => (
          <Typography key={seat.subscriptionId} sx={{ mb: 1 }}>
            {t('batches.seats', { taken: formatNumber(seat.taken!), free: seat.free === null ? '∞' : formatNumber(seat.free!), refused: formatNumber(seat.refused!) })}
          </Typography>
        ))}
        <Button href={`/api/v1/invitations/batches/${path.id}/report.csv`} download>
          {t('batches.report')}
        </Button>
        {Number(one.failed) > 0 && (
          <Button href={`/api/v1/invitations/batches/${path.id}/failed.csv`} download>
            {t('batches.corrections')}
          </Button>
        )}
      </Section>
      <Box sx={{ mt: 2 }}>
        <DataList
          name={t('batches.rows')}
          state={state}
          columns={columns}
          narrow={['line', 'state', 'reason']}
          rows={rows}
          isSearched={false}
          filters={<Filter state={state} name="state" label={t('field.status')} options={['planned', 'done', 'failed', 'cancelled', 'undone'].map((value) => [value, t(`rowState.${value}`)] as const)} />}
        />
      </Box>
      {act && (
        <Confirm
          title={t(`batches.${act}`)}
          submit={t(`batches.${act}`)}
          close={() => setAct(undefined)}
          run={async () => {
            const params = { path };
            await (act === 'cancel' ? api.DELETE('/api/v1/invitations/batches/{id}', { params }) : api.POST(`/api/v1/invitations/batches/{id}/${act}`, { params }));
            await queries.invalidateQueries({ queryKey: ['batch', path.id] });
          }}
        >
          <Typography>{t(`batches.${act}How`, { count: Number(one.planned) })}</Typography>
        </Confirm>
      )}
    </>
  );
}
