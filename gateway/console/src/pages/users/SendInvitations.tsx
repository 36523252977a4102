import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import LinearProgress from '@mui/material/LinearProgress';
import MuiLink from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, body, type Schema } from '../../api/client';
import { refusalOf } from '../../app/errors';
import { Choice, Form, Tick } from '../../app/Form';
import { formatNumber } from '../../app/format';
import { useOnce } from '../../app/once';
import { SidePanel } from '../../app/SidePanel';

/** By hand, or all whom the directory shows for a filter. */
export type Invited = Pick<Schema['InviteUsersRequest'], 'userIds' | 'filter'> & { count: number };

/** What came of all, or of very many how far it is. */
type Answer = Schema['InviteUsersAnswer'] | Schema['InvitationRunProgress'];

/** Invites users to the accounts that they have (INV-14), or shows first what would happen (INV-24); who can't be invited is named with the reason (INV-15). */
export function SendInvitations({ to, close }: { to: Invited; close: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [answer, setAnswer] = useState<Answer>();
  const once = useOnce();
  const told = (now: Answer) => {
    setAnswer(now);
    void queries.invalidateQueries({ queryKey: ['users'] });
  };
  return (
    <SidePanel title={t('users.invite')} close={close}>
      {!answer ? (
        <Form
          values={{ channel: 'email', oneTimePassword: false, dryRun: false }}
          submit={t('users.invite')}
          send={async (choices) => {
            const request = { userIds: to.userIds, filter: to.filter, ...choices };
            told(await body(once((headers) => api.POST('/api/v1/users/invitations', { headers, body: request }))));
          }}
        >
          <Typography>{t('invite.how', { count: to.count, number: formatNumber(to.count) })}</Typography>
          <Choice name="channel" label={t('field.channel')} options={['email', 'sms'].map((one) => [one, t(`channel.${one}`)] as const)} />
          <Tick name="oneTimePassword" label={t('invite.oneTimePassword')} />
          <Tick name="dryRun" label={t('invite.dryRun')} />
        </Form>
      ) : 'total' in answer ? (
        <Many first={answer} told={told} close={close} />
      ) : (
        <Outcome id={answer.id!} planned={answer.planned!.length} invited={Number(answer.invited)} refused={answer.refused} told={told} close={close} />
      )}
    </SidePanel>
  );
}

/** How far very many have come, and then what came of them. */
function Many({ first, told, close }: { first: Schema['InvitationRunProgress']; told: (now: Answer) => void; close: () => void }) {
  const { t } = useTranslation();
  const path = { id: first.id };
  const run = useQuery({
    queryKey: ['user-invitations', first.id],
    queryFn: () => body(api.GET('/api/v1/users/invitations/{id}', { params: { path } })),
    refetchInterval: ({ state }) => (state.data ?? first).status === 'running' && 1000,
  });
  const { status, total, planned, done, failed } = run.data ?? first;
  const isRunning = status === 'running';
  const refused = useQuery({
    queryKey: ['user-invitations', first.id, 'refused'],
    queryFn: () => body(api.GET('/api/v1/users/invitations/{id}/users', { params: { path, query: { state: 'failed', pageSize: 200 } as never } })),
    enabled: !isRunning && Number(failed) > 0,
  });
  if (isRunning) {
    const dealtWith = Number(planned) + Number(done) + Number(failed);
    return (
      <>
        <LinearProgress aria-label={t('batches.progress')} variant="determinate" value={(100 * dealtWith) / Number(total)} sx={{ mb: 2 }} />
        <Typography>{t('invite.progress', { done: formatNumber(dealtWith), total: formatNumber(total) })}</Typography>
      </>
    );
  }
  const those = (refused.data?.items ?? []).map(({ userId, code, reason }) => ({ userId, code: code!, detail: reason! }));
  return <Outcome id={first.id} planned={Number(planned)} invited={Number(done)} refused={those} failed={Number(failed)} told={told} close={close} />;
}

interface OutcomeProps {
  id: string;
  planned: number;
  invited: number;
  refused: Schema['InviteUsersNotInvited'][];
  /** How many are refused, where not all are here. */
  failed?: number;
  told: (now: Answer) => void;
  close: () => void;
}

/** What came of all; or would, until it is committed. */
function Outcome({ id, planned, invited, refused, failed, told, close }: OutcomeProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  return (
    <>
      {invited !== 0 && (
        <Alert severity="success" sx={{ mb: 2 }}>
          {t('invite.sent', { count: invited, number: formatNumber(invited) })}
        </Alert>
      )}
      {planned !== 0 && (
        <Alert severity="info" sx={{ mb: 2 }}>
          {t('invite.planned', { count: planned, number: formatNumber(planned) })}
        </Alert>
      )}
      {refused.length > 0 && <Refused those={refused} count={failed ?? refused.length} />}
      {planned !== 0 && (
        <Form
          values={{}}
          submit={t('invite.commit', { count: planned, number: formatNumber(planned) })}
          send={async () => {
            const now = await body(api.POST('/api/v1/users/invitations/{id}/commit', { params: { path: { id } } }));
            await queries.invalidateQueries({ queryKey: ['user-invitations', id] });
            told(now);
          }}
        >
          {null}
        </Form>
      )}
      <Button variant={planned === 0 ? 'contained' : 'text'} sx={{ mt: 2 }} onClick={close}>
        {t('action.close')}
      </Button>
    </>
  );
}

function Refused({ those, count }: { those: Schema['InviteUsersNotInvited'][]; count: number }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(20);
  return (
    <>
      <Alert severity="warning">{t('invite.refused', { count, number: formatNumber(count) })}</Alert>
      <Box component="ul" sx={{ listStyle: 'none', p: 0 }}>
        {those.slice(0, shown).map((one) => (
          <Box component="li" key={one.userId} sx={{ py: 1, borderBottom: 1, borderColor: 'divider' }}>
            <Name of={one.userId} />
            <Typography variant="body2">{refusalOf(one, t)}</Typography>
          </Box>
        ))}
      </Box>
      {those.length > shown && <Button onClick={() => setShown(shown + 20)}>{t('action.more')}</Button>}
    </>
  );
}

function Name({ of }: { of: string }) {
  const user = useQuery({ queryKey: ['users', of], queryFn: () => body(api.GET('/api/v1/users/{id}', { params: { path: { id: of } } })) });
  return (
    <MuiLink component={Link} to={`/users/${of}`}>
      {user.data ? `${user.data.firstName} ${user.data.lastName}` : of}
    </MuiLink>
  );
}
