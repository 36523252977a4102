import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import MuiLink from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, body, Problem, type Schema } from '../../api/client';
import { refusalOf } from '../../app/errors';
import { Choice, Form, Tick } from '../../app/Form';
import { formatNumber } from '../../app/format';
import { SidePanel } from '../../app/SidePanel';

/** By hand, or all whom the directory shows for a filter. */
export type Invited = Pick<Schema['InviteUsersRequest'], 'userIds' | 'filter'> & { count: number };

/** Invites users to the accounts that they have (INV-14); who can't be invited is named with the reason, while the others are (INV-15). */
export function SendInvitations({ to, close }: { to: Invited; close: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [answer, setAnswer] = useState<Schema['InviteUsersAnswer']>();
  // The same request once more, as after a broken connection, invites each once (INV-21).
  const key = useRef(crypto.randomUUID());
  return (
    <SidePanel title={t('users.invite')} close={close}>
      {answer ? (
        <>
          {answer.invited !== 0 && (
            <Alert severity="success" sx={{ mb: 2 }}>
              {t('invite.sent', { count: Number(answer.invited), number: formatNumber(answer.invited) })}
            </Alert>
          )}
          {answer.refused.length > 0 && <Refused those={answer.refused} />}
          <Button variant="contained" sx={{ mt: 2 }} onClick={close}>
            {t('action.close')}
          </Button>
        </>
      ) : (
        <Form
          values={{ channel: 'email', oneTimePassword: false }}
          submit={t('users.invite')}
          send={async ({ channel, oneTimePassword }) => {
            try {
              const request = { userIds: to.userIds, filter: to.filter, channel, oneTimePassword };
              setAnswer(await body(api.POST('/api/v1/users/invitations', { headers: { 'Idempotency-Key': key.current }, body: request })));
              void queries.invalidateQueries({ queryKey: ['users'] });
            } catch (error) {
              if (Problem.from(error).status > 0) key.current = crypto.randomUUID();
              throw error;
            }
          }}
        >
          <Typography>{t('invite.how', { count: to.count, number: formatNumber(to.count) })}</Typography>
          <Choice name="channel" label={t('field.channel')} options={['email', 'sms'].map((one) => [one, t(`channel.${one}`)] as const)} />
          <Tick name="oneTimePassword" label={t('invite.oneTimePassword')} />
        </Form>
      )}
    </SidePanel>
  );
}

function Refused({ those }: { those: Schema['InviteUsersNotInvited'][] }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(20);
  return (
    <>
      <Alert severity="warning">{t('invite.refused', { count: those.length, number: formatNumber(those.length) })}</Alert>
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
