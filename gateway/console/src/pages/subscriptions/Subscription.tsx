import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import MuiLink from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api, body, type Schema } from '../../api/client';
import { Confirm } from '../../app/Confirm';
import { Facts } from '../../app/Facts';
import { formatDate, formatNumber } from '../../app/format';
import { Logs } from '../../app/Logs';
import { Heading } from '../../app/Page';
import { Section } from '../../app/Section';
import { Shown } from '../../app/Shown';
import { SidePanel } from '../../app/SidePanel';
import { useStanding } from '../../app/standing';
import { Tabbed } from '../../app/Tabbed';
import { Ledger } from './Ledger';
import { SeatChart } from './SeatChart';
import { Seats } from './Seats';
import { EditSubscription } from './SubscriptionForm';
import { Usage } from './Usage';

type Subscription = Schema['SubscriptionView'];
type Act = 'edit' | 'suspend' | 'resume' | 'end';

/** A subscription: its seats and who has them, how they were used, and every movement of them (SUB-02, SUB-04). */
export function Page() {
  const id = useParams().id!;
  const subscription = useQuery({ queryKey: ['subscriptions', id], queryFn: () => body(api.GET('/api/v1/subscriptions/{id}', { params: { path: { id } } })) });
  return <Shown of={subscription}>{(one) => <Whole of={one} />}</Shown>;
}

const today = () => new Date().toISOString().slice(0, 10);

const actsOf = ({ status, endsOn }: Subscription): readonly Act[] => [
  'edit',
  ...(status === 'suspended' ? (['resume'] as const) : status === 'active' ? (['suspend'] as const) : []),
  ...((status === 'active' || status === 'suspended') && endsOn !== today() ? (['end'] as const) : []),
];

function Whole({ of }: { of: Subscription }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { isAdmin, runs } = useStanding(of.organizationId);
  const [act, setAct] = useState<Act>();
  const path = { id: of.id };
  const changed = async () => {
    await queries.invalidateQueries({ queryKey: ['subscriptions'] });
    setAct(undefined);
  };
  const parts = [
    { key: 'overview', label: t('subscriptions.overview'), content: <Overview of={of} /> },
    { key: 'seats', label: t('subscriptions.seats'), content: <Seats of={of} mayMove={runs} /> },
    { key: 'ledger', label: t('subscriptions.ledger'), content: <Ledger id={of.id} /> },
    { key: 'logs', label: t('users.logs'), content: <SubscriptionLogs id={of.id} /> },
  ];
  return (
    <>
      <Heading
        beside={
          isAdmin && (
            <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
              {actsOf(of).map((what) => (
                <Button key={what} variant={what === 'edit' ? 'contained' : 'text'} color={what === 'end' ? 'error' : 'primary'} onClick={() => setAct(what)}>
                  {t(what === 'edit' ? 'action.edit' : `subscriptions.${what}`)}
                </Button>
              ))}
              <Button component={Link} to={`/audit/streams/subscription-${of.id}`}>
                {t('audit.link')}
              </Button>
            </Box>
          )
        }
      >
        {t('subscriptions.name', { app: of.appName, organization: of.organizationName })}
      </Heading>
      <Tabbed name={t('subscriptions.parts')} at={`/subscriptions/${of.id}`} parts={parts} />
      {act === 'edit' && (
        <SidePanel title={t('subscriptions.edit')} close={() => setAct(undefined)}>
          <EditSubscription of={of} done={changed} />
        </SidePanel>
      )}
      {act !== undefined && act !== 'edit' && (
        <Confirm
          title={t(`subscriptions.${act}`)}
          submit={t(`subscriptions.${act}`)}
          close={() => setAct(undefined)}
          run={async () => {
            await api.PATCH('/api/v1/subscriptions/{id}', { params: { path }, body: act === 'end' ? { endsOn: today() } : { suspended: act === 'suspend' } });
            await changed();
          }}
        >
          <Typography>{t(`subscriptions.${act}How`)}</Typography>
        </Confirm>
      )}
    </>
  );
}

function Overview({ of }: { of: Subscription }) {
  const { t } = useTranslation();
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { lg: '1fr 1fr' }, alignItems: 'start', '& > *': { minWidth: 0 } }}>
      <Section title={t('users.details')}>
        <Facts
          of={[
            [t('field.status'), t(`subscriptions.status.${of.status}`, { defaultValue: of.status })],
            [t('field.organization'), <MuiLink component={Link} to={`/organizations/${of.organizationId}`}>{of.organizationName}</MuiLink>],
            [t('field.app'), <MuiLink component={Link} to={`/apps/${of.appId}`}>{of.appName}</MuiLink>],
            [t('subscriptions.plan'), of.plan],
            [t('subscriptions.startsOn'), formatDate(of.startsOn)],
            [t('subscriptions.endsOn'), of.endsOn ? formatDate(of.endsOn) : t('subscriptions.open')],
            [t('subscriptions.atLimit'), t(`subscriptions.policy.${of.atLimit}`, { defaultValue: of.atLimit })],
            [t('subscriptions.ceiling'), of.ceiling !== null && formatNumber(of.ceiling)],
          ]}
        />
      </Section>
      <Section title={t('subscriptions.seats')}>
        <SeatChart of={of} />
      </Section>
      <Box sx={{ gridColumn: '1 / -1' }}>
        <Section title={t('subscriptions.usage')}>
          <Usage id={of.id} />
        </Section>
      </Box>
    </Box>
  );
}

function SubscriptionLogs({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <Section title={t('users.logs')}>
      <Logs of={['subscriptions', id]} load={(page) => body(api.GET('/api/v1/subscriptions/{id}/logs', { params: { path: { id }, query: { page, pageSize: 50 } as never } }))} />
    </Section>
  );
}
