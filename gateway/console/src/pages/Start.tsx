import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import ListItemText from '@mui/material/ListItemText';
import MuiLink from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, body } from '../api/client';
import { formatNumber } from '../app/format';
import { useOrganizations } from '../app/organizations';
import { Heading } from '../app/Page';
import { useMe } from '../app/session';

const one = { pageSize: 1 } as never;

/** Where one arrives: what waits for the reader, and what they may use. */
export function Page() {
  const { t } = useTranslation();
  const me = useMe().data!;
  const isAdmin = me.systemRole === 'systemAdmin';
  const appRoles = me.appRoles ?? [];
  const organizations = useOrganizations();
  const apps = useQuery({ queryKey: ['apps', 'names'], queryFn: () => body(api.GET('/api/v1/apps', { params: { query: { pageSize: 200 } as never } })), enabled: appRoles.length > 0 });
  const invitations = useQuery({ queryKey: ['me', 'invitations', 'count'], queryFn: () => body(api.GET('/api/v1/invitations/mine', { params: { query: one } })) });
  const identities = useQuery({ queryKey: ['identities', 'count'], queryFn: () => body(api.GET('/api/v1/users/identities', { params: { query: one } })) });
  const removals = useQuery({
    queryKey: ['removal-requests', 'count'],
    queryFn: () => body(api.GET('/api/v1/removal-requests', { params: { query: { status: 'pending', pageSize: 1 } as never } })),
    enabled: isAdmin,
  });
  return (
    <>
      <Heading>{t('start.title', { name: me.firstName })}</Heading>
      {isAdmin && (
        <Typography sx={{ mb: 2 }}>
          <MuiLink component={Link} to="/users">
            {t('shell.users')}
          </MuiLink>
          : {t('start.users')}
        </Typography>
      )}
      <Waits total={invitations.data?.total} text="me.invited" to="/profile/invitations" label={t('me.invitations')} />
      <Waits total={identities.data?.total} text="start.identities" to="/identity/review" label={t('identity.review')} />
      <Waits total={removals.data?.total} text="start.removals" to="/users/removal-requests?status=pending" label={t('removal.title')} />
      <Typography variant="h2">{t('start.appRoles')}</Typography>
      {appRoles.length === 0 && <Typography>{t('start.noRoles')}</Typography>}
      <List>
        {appRoles.map((held) => {
          const app = apps.data?.items.find((other) => other.id === held.appId);
          const role = app?.roles?.find((other) => other.key === held.role)?.name ?? held.role;
          const organization = organizations.find((other) => other.id === held.organizationId)?.name;
          return (
            <ListItem key={`${held.subscriptionId} ${held.role}`} disableGutters>
              <ListItemText primary={app ? `${app.name}: ${role}` : role} secondary={[organization, !held.isOpen && t('users.closed')].filter(Boolean).join(' · ')} />
            </ListItem>
          );
        })}
      </List>
    </>
  );
}

/** How much of something waits for the reader, with the way to it. */
function Waits({ total, text, to, label }: { total: number | string | undefined; text: string; to: string; label: string }) {
  const { t } = useTranslation();
  const count = Number(total ?? 0);
  if (count === 0) return null;
  return (
    <Alert severity="info" sx={{ mb: 2 }} action={<Button component={Link} to={to} color="inherit">{label}</Button>}>
      {t(text, { count, number: formatNumber(count) })}
    </Alert>
  );
}
