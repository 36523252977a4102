import Button from '@mui/material/Button';
import Chip from '@mui/material/Chip';
import MuiLink from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, body } from '../../api/client';
import { DataList, Filter } from '../../app/DataList';
import { formatInstant, formatNumber } from '../../app/format';
import { useListState } from '../../app/list';
import { useOrganizations } from '../../app/organizations';
import { Heading } from '../../app/Page';
import { RowMenu } from '../../app/RowMenu';
import { SidePanel } from '../../app/SidePanel';
import { Acting, actsOf, Secret, type Act, type Webhook } from './actions';
import { RegisterWebhook } from './WebhookForm';

/** Other systems that hear what happens in the reader's organizations (NOT-05). */
export function Page() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const organizations = useOrganizations();
  const state = useListState(['organizationId'], 'createdAt:desc');
  const webhooks = useQuery({
    queryKey: ['webhooks', state.query],
    queryFn: () => body(api.GET('/api/v1/webhooks', { params: { query: state.query as never } })),
    placeholderData: keepPreviousData,
  });
  const [isAdding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string>();
  const [act, setAct] = useState<{ on: Webhook; what: Act }>();

  const columns: GridColDef<Webhook>[] = [
    {
      field: 'url', headerName: t('webhooks.url'), flex: 2, minWidth: 140,
      renderCell: ({ row }) => (
        <MuiLink component={Link} to={`/webhooks/${row.id}`} sx={{ overflowWrap: 'anywhere' }}>
          {row.url}
        </MuiLink>
      ),
    },
    { field: 'organizationId', headerName: t('field.organization'), flex: 1, minWidth: 140, sortable: false, valueFormatter: (id: string) => organizations.find((one) => one.id === id)?.name ?? id },
    { field: 'isPaused', headerName: t('webhooks.state'), minWidth: 100, sortable: false, renderCell: ({ row }) => <StateOf webhook={row} /> },
    { field: 'failed', headerName: t('webhooks.failed'), width: 100, sortable: false, align: 'right', headerAlign: 'right', valueFormatter: formatNumber },
    { field: 'createdAt', headerName: t('field.createdAt'), minWidth: 160, valueFormatter: formatInstant },
    {
      field: 'actions', headerName: t('list.actions'), width: 90, sortable: false,
      renderCell: ({ row }) => <RowMenu of={row.url!} actions={actsOf(row).map((what) => [t(`${what === 'edit' ? 'action' : 'webhooks'}.${what}`), () => setAct({ on: row, what })] as const)} />,
    },
  ];
  return (
    <>
      <Heading beside={<Button variant="contained" onClick={() => setAdding(true)}>{t('webhooks.register')}</Button>}>{t('webhooks.title')}</Heading>
      <Typography sx={{ mb: 2 }}>{t('webhooks.how')}</Typography>
      <DataList
        name={t('webhooks.title')}
        state={state}
        columns={columns}
        narrow={['url', 'isPaused', 'actions']}
        rows={webhooks}
        add={t('webhooks.register')}
        filters={<Filter state={state} name="organizationId" label={t('field.organization')} options={organizations.map((one) => [one.id!, one.name!] as const)} />}
      />
      {isAdding && (
        <SidePanel
          title={t(secret ? 'webhooks.secret' : 'webhooks.register')}
          close={() => {
            setAdding(false);
            setSecret(undefined);
          }}
        >
          {secret ? (
            <Secret of={secret} />
          ) : (
            <RegisterWebhook
              done={(registered) => {
                setSecret(registered.secret);
                void queries.invalidateQueries({ queryKey: ['webhooks'] });
              }}
            />
          )}
        </SidePanel>
      )}
      {act && <Acting {...act} close={() => setAct(undefined)} />}
    </>
  );
}

/** Whether it hears anything, or is tried in vain. */
export function StateOf({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation();
  const attempts = Number(webhook.attempts);
  return <Chip size="small" variant="outlined" label={webhook.isPaused ? t('webhooks.paused') : attempts > 0 ? t('webhooks.retrying', { count: attempts }) : t('webhooks.active')} />;
}
