import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
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

/** Invites users to the accounts that they have (INV-14); who can't be invited is named with the reason, while the others are (INV-15). */
export function SendInvitations({ to, close }: { to: Invited; close: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [answer, setAnswer] = useState<Schema['InviteUsersAnswer']>();
  const once = useOnce();
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
            const request = { userIds: to.userIds, filter: to.filter, channel, oneTimePassword };
            setAnswer(await body(once((headers) => api.POST('/api/v1/users/invitations', { headers, body: request }))));
            void queries.invalidateQueries({ queryKey: ['users'] });
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
