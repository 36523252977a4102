import Button from '@mui/material/Button';
import LinearProgress from '@mui/material/LinearProgress';
import Typography from '@mui/material/Typography';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api, body } from '../../api/client';
import { Confirm } from '../../app/Confirm';
import { Facts } from '../../app/Facts';
import { formatInstant, formatNumber } from '../../app/format';
import { Heading } from '../../app/Page';
import { Section } from '../../app/Section';
import { NotShown } from '../../app/Shown';

/** How far a registration of many has come, and what came of each row (INV-17). */
export function Page() {
  const { t } = useTranslation();
  const path = { id: useParams().id! };
  const queries = useQueryClient();
  const progress = useQuery({
    queryKey: ['user-import', path.id],
    queryFn: () => body(api.GET('/api/v1/users/imports/{id}', { params: { path } })),
    refetchInterval: ({ state }) => state.data?.status === 'running' && 1000,
  });
  const [isCancelling, setCancelling] = useState(false);
  if (!progress.data) return <NotShown of={progress} />;
  const { status, total, done, failed, startedAt, endedAt } = progress.data;
  return (
    <>
      <Heading beside={status === 'running' && <Button onClick={() => setCancelling(true)}>{t('register.cancel')}</Button>}>{t('register.title', { count: Number(total) })}</Heading>
      <Section title={t(`batchStatus.${status}`, { defaultValue: status })}>
        {status === 'running' && <LinearProgress aria-label={t('batches.progress')} variant="determinate" value={(100 * (Number(done) + Number(failed))) / Math.max(1, Number(total))} sx={{ mb: 2 }} />}
        <Facts
          of={[
            [t('batches.total'), formatNumber(total)],
            [t('register.done'), formatNumber(done)],
            [t('batches.failed'), formatNumber(failed)],
            [t('batches.startedAt'), formatInstant(startedAt)],
            [t('removal.endedAt'), endedAt && formatInstant(endedAt)],
          ]}
        />
        <Button href={`/api/v1/users/imports/${path.id}/report.csv`} download={`import-${path.id}.csv`}>
          {t('batches.report')}
        </Button>
        <Button component={Link} to="/users?sort=createdAt:desc">
          {t('shell.users')}
        </Button>
      </Section>
      {isCancelling && (
        <Confirm
          title={t('register.cancel')}
          submit={t('register.cancel')}
          close={() => setCancelling(false)}
          run={async () => {
            await api.DELETE('/api/v1/users/imports/{id}', { params: { path } });
            await queries.invalidateQueries({ queryKey: ['user-import', path.id] });
          }}
        >
          <Typography>{t('register.cancelHow')}</Typography>
        </Confirm>
      )}
    </>
  );
}
