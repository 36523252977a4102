import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import * as z from 'zod/mini';
import { api, body, Problem, type Schema } from '../../api/client';
import { DataList } from '../../app/DataList';
import { reasonOf } from '../../app/errors';
import { Facts } from '../../app/Facts';
import { Field, Form } from '../../app/Form';
import { formatInstant } from '../../app/format';
import { useListState } from '../../app/list';
import { Section } from '../../app/Section';
import { NotShown } from '../../app/Shown';

/** What is kept of the reader: to take along, to have removed, and who looked at it (USR-09, LOG-05). */
export function Privacy() {
  const { t } = useTranslation();
  return (
    <>
      <Box sx={{ display: 'grid', gap: 2, mb: 3, gridTemplateColumns: { lg: '1fr 1fr' }, alignItems: 'start', '& > *': { minWidth: 0 } }}>
        <Section title={t('me.export')}>
          <Typography sx={{ mb: 1.5 }}>{t('me.exportHow')}</Typography>
          <Button variant="outlined" href="/api/v1/me/export" download="invitehub-my-data.json">
            {t('me.exportDo')}
          </Button>
        </Section>
        <Section title={t('me.removal')}>
          <Removal />
        </Section>
      </Box>
      <Readers />
    </>
  );
}

const why = z.object({ reason: z.string().check(z.trim(), z.minLength(1, 'me.removalReasonNeeded')) });

function Removal() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const asked = useQuery({
    queryKey: ['me', 'removal-request'],
    queryFn: () =>
      body(api.GET('/api/v1/me/removal-request')).catch((error: unknown) => {
        if (Problem.from(error).status === 404) return null;
        throw error;
      }),
  });
  const changed = () => queries.invalidateQueries({ queryKey: ['me', 'removal-request'] });
  const takeBack = useMutation({ mutationFn: () => api.DELETE('/api/v1/me/removal-request'), onSuccess: changed });
  if (asked.data === undefined) return <NotShown of={asked} height={120} />;
  if (asked.data?.status === 'pending')
    return (
      <>
        <Typography sx={{ mb: 1.5 }}>{t('me.removalAsked')}</Typography>
        <Facts of={[[t('me.removalReason'), asked.data.reason]]} />
        {takeBack.error && (
          <Alert severity="error" sx={{ mb: 2 }}>
            {reasonOf(takeBack.error, t)}
          </Alert>
        )}
        <Button variant="outlined" loading={takeBack.isPending} onClick={() => takeBack.mutate()}>
          {t('me.removalTakeBack')}
        </Button>
      </>
    );
  return (
    <Form
      schema={why}
      values={{ reason: '' }}
      submit={t('me.removalDo')}
      send={async ({ reason }) => {
        await api.POST('/api/v1/me/removal-request', { body: { reason } });
        await changed();
      }}
    >
      <Typography>{t('me.removalHow')}</Typography>
      <Field name="reason" label={t('me.removalReason')} rows={2} />
    </Form>
  );
}

type Reader = Schema['ReaderRow'] & { id: string };

function Readers() {
  const { t } = useTranslation();
  const state = useListState([], 'at:desc');
  const readers = useQuery({
    queryKey: ['me', 'readers', state.query],
    queryFn: async () => {
      const page = await body(api.GET('/api/v1/me/readers', { params: { query: state.query as never } }));
      return { ...page, items: page.items.map((row) => ({ ...row, id: `${row.at} ${row.by.id} ${row.what}` })) };
    },
    placeholderData: keepPreviousData,
  });
  const columns: GridColDef<Reader>[] = [
    { field: 'at', headerName: t('me.readAt'), minWidth: 180, valueFormatter: formatInstant },
    { field: 'by', headerName: t('me.readBy'), flex: 1, minWidth: 110, sortable: false, valueGetter: (_, row) => row.by.name ?? t('me.somebodyGone') },
    { field: 'what', headerName: t('me.readWhat'), flex: 1, minWidth: 110, sortable: false, valueFormatter: (what: string) => t(`me.read.${what}`, { defaultValue: what }) },
  ];
  return (
    <>
      <Typography variant="h2" sx={{ mb: 0.5 }}>
        {t('me.readers')}
      </Typography>
      <Typography sx={{ mb: 1 }}>{t('me.readersHow')}</Typography>
      <DataList name={t('me.readers')} state={state} columns={columns} narrow={['at', 'by']} rows={readers} isSearched={false} />
    </>
  );
}
