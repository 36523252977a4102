import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Skeleton from '@mui/material/Skeleton';
import Slider from '@mui/material/Slider';
import Typography from '@mui/material/Typography';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api, body } from '../../api/client';
import { reasonOf } from '../../app/errors';
import { Form } from '../../app/Form';
import { formatNumber, formatSecond } from '../../app/format';
import { foundBy, Instant, instantOf, Source } from './parts';

/** The state at a version, which the page's address keeps; an instant leads to the version of then (LOG-02). */
export function StateThen({ streamId, versions }: { streamId: string; versions: number }) {
  const { t } = useTranslation();
  const [address, setAddress] = useSearchParams();
  const version = Math.min(versions, Math.max(1, Number(address.get('version')) || versions));
  const [dragged, setDragged] = useState<number>();
  const show = (next: number) => {
    setDragged(undefined);
    setAddress((now) => new URLSearchParams([...[...now].filter(([name]) => name !== 'version'), ['version', String(next)]]), { replace: true, preventScrollReset: true });
  };
  const read = (query: { version?: number; at?: string }) => body(api.GET('/api/v1/audit/streams/{streamId}', { params: { path: { streamId }, query } }));
  const state = useQuery({ queryKey: ['audit', streamId, 'state', version], queryFn: () => read({ version }), placeholderData: keepPreviousData });
  return (
    <>
      <Box sx={{ px: 1.5 }}>
        <Slider
          aria-label={t('audit.version')}
          min={1}
          max={Math.max(2, versions)}
          disabled={versions === 1}
          marks={versions <= 20}
          valueLabelDisplay="auto"
          value={dragged ?? version}
          onChange={(_, value) => setDragged(value)}
          onChangeCommitted={(_, value) => show(value)}
        />
      </Box>
      {state.error && <Alert severity="error">{reasonOf(state.error, t)}</Alert>}
      {state.isPending && <Skeleton variant="rounded" height={160} aria-label={t('error.loading')} />}
      {state.data && (
        <>
          <Typography sx={{ mb: 1 }} aria-live="polite">
            {t('audit.versionOf', { version: formatNumber(state.data.version), versions: formatNumber(versions), at: formatSecond(state.data.at) })}
          </Typography>
          <Source of={state.data.state} name={t('audit.state')} />
        </>
      )}
      <Box sx={{ mt: 2 }}>
        <Form
          values={{ at: '' }}
          submit={t('audit.goTo')}
          send={async ({ at }) => show(Number((await foundBy('at', t('audit.notYet'), read({ at: instantOf(at) }))).version))}
        >
          <Instant name="at" label={t('audit.instant')} />
        </Form>
      </Box>
    </>
  );
}
