import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Chip from '@mui/material/Chip';
import Alert from '@mui/material/Alert';
import Typography from '@mui/material/Typography';
import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, type Schema } from '../../api/client';
import { Confirm } from '../../app/Confirm';
import { DataList } from '../../app/DataList';
import { formatInstant } from '../../app/format';
import { useListState } from '../../app/list';
import { OwnPassword } from '../../app/OwnPassword';
import { Section } from '../../app/Section';
import { SecondFactor } from './SecondFactor';

type Session = Schema['SessionRow'];

/** What guards the account: the second factor, the password, and where it is signed in (USR-07, USR-08). */
export function Security() {
  const { t } = useTranslation();
  const [changes, setChanges] = useState(0);
  const queries = useQueryClient();
  return (
    <>
      <Box sx={{ display: 'grid', gap: 2, mb: 3, gridTemplateColumns: { lg: '1fr 1fr' }, alignItems: 'start', '& > *': { minWidth: 0 } }}>
        <Section title={t('me.secondFactor')}>
          <SecondFactor />
        </Section>
        <Section title={t('password.change')}>
          {changes > 0 && (
            <Alert severity="success" sx={{ mb: 2 }}>
              {t('me.passwordChanged')}
            </Alert>
          )}
          <OwnPassword
            key={changes}
            done={() => {
              setChanges(changes + 1);
              void queries.invalidateQueries({ queryKey: ['me', 'sessions'] });
            }}
          />
        </Section>
      </Box>
      <Sessions />
    </>
  );
}

function Sessions() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const state = useListState([], 'lastUsedAt:desc');
  const sessions = useQuery({
    queryKey: ['me', 'sessions', state.query],
    queryFn: () => body(api.GET('/api/v1/me/sessions', { params: { query: state.query as never } })),
    placeholderData: keepPreviousData,
  });
  const [ending, setEnding] = useState<Session | 'all'>();
  const columns: GridColDef<Session>[] = [
    { field: 'device', headerName: t('me.device'), flex: 2, minWidth: 140 },
    { field: 'startedAt', headerName: t('me.startedAt'), flex: 1, minWidth: 160, valueFormatter: formatInstant },
    { field: 'lastUsedAt', headerName: t('me.lastUsedAt'), flex: 1, minWidth: 160, valueFormatter: formatInstant },
    {
      field: 'actions', headerName: t('list.actions'), width: 130, sortable: false,
      renderCell: ({ row }) => (row.current ? <Chip size="small" label={t('me.thisOne')} /> : <Button onClick={() => setEnding(row)}>{t('me.end')}</Button>),
    },
  ];
  return (
    <>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mb: 1, alignItems: 'center', justifyContent: 'space-between' }}>
        <Typography variant="h2">{t('me.sessions')}</Typography>
        <Button color="error" onClick={() => setEnding('all')}>
          {t('me.endAll')}
        </Button>
      </Box>
      <DataList name={t('me.sessions')} state={state} columns={columns} narrow={['device', 'actions']} rows={sessions} isSearched={false} />
      {ending === 'all' && (
        <Confirm
          title={t('me.endAll')}
          submit={t('me.endAll')}
          close={() => setEnding(undefined)}
          run={async () => {
            await api.DELETE('/api/v1/me/sessions');
            // Here it has ended too.
            window.location.assign('/sign-in');
          }}
        >
          <Typography>{t('me.endAllHow')}</Typography>
        </Confirm>
      )}
      {ending && ending !== 'all' && (
        <Confirm
          title={t('me.end')}
          submit={t('me.end')}
          close={() => setEnding(undefined)}
          run={async () => {
            await api.DELETE('/api/v1/me/sessions/{id}', { params: { path: { id: ending.id } } });
            await queries.invalidateQueries({ queryKey: ['me', 'sessions'] });
          }}
        >
          <Typography>{t('me.endHow', { device: ending.device, at: formatInstant(ending.startedAt) })}</Typography>
        </Confirm>
      )}
    </>
  );
}
