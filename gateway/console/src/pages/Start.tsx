import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Chip from '@mui/material/Chip';
import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import ListItemText from '@mui/material/ListItemText';
import MuiLink from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, body } from '../api/client';
import { Heading } from '../app/Page';
import { useMe } from '../app/session';

/** Where one arrives: what one may do here. */
export function Page() {
  const { t } = useTranslation();
  const me = useMe().data!;
  const invitations = useQuery({ queryKey: ['me', 'invitations', 'count'], queryFn: () => body(api.GET('/api/v1/invitations/mine', { params: { query: { pageSize: 1 } as never } })) });
  const appRoles = me.appRoles ?? [];
  return (
    <>
      <Heading>{t('start.title', { name: me.firstName })}</Heading>
      {me.systemRole === 'systemAdmin' && (
        <Typography sx={{ mb: 2 }}>
          <MuiLink component={Link} to="/users">
            {t('shell.users')}
          </MuiLink>
          : {t('start.users')}
        </Typography>
      )}
      {Number(invitations.data?.total ?? 0) > 0 && (
        <Alert severity="info" sx={{ mb: 2 }} action={<Button component={Link} to="/profile/invitations" color="inherit">{t('me.invitations')}</Button>}>
          {t('me.invited', { count: Number(invitations.data!.total) })}
        </Alert>
      )}
      <Typography variant="h2">{t('start.appRoles')}</Typography>
      {appRoles.length === 0 && <Typography>{t('start.noRoles')}</Typography>}
      <List>
        {appRoles.map((role) => (
          <ListItem key={`${role.subscriptionId} ${role.role}`} disableGutters>
            <ListItemText primary={<Chip label={role.role} />} />
          </ListItem>
        ))}
      </List>
    </>
  );
}
