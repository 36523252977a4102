import Chip from '@mui/material/Chip';
import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import ListItemText from '@mui/material/ListItemText';
import MuiLink from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Heading } from '../app/Page';
import { useMe } from '../app/session';

/** Where one arrives: what one may do here. */
export function Page() {
  const { t } = useTranslation();
  const me = useMe().data!;
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
