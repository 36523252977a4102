import AppBar from '@mui/material/AppBar';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Drawer from '@mui/material/Drawer';
import IconButton from '@mui/material/IconButton';
import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import ListItemButton from '@mui/material/ListItemButton';
import ListItemText from '@mui/material/ListItemText';
import Toolbar from '@mui/material/Toolbar';
import Typography from '@mui/material/Typography';
import { Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, NavLink, Outlet } from 'react-router';
import type { Schema } from '../api/client';
import { Loading } from '../pages/Errors';
import { initialsOf } from './format';
import { MenuIcon, SignOutIcon } from './icons';
import { useOrganizations } from './organizations';
import { ownPicture, PersonAvatar } from './PersonAvatar';
import { Preferences } from './Preferences';
import { useMe, useProfile, useSignOut } from './session';

const width = 216;

const isAdmin = (me: Schema['UserDetails']) => me.systemRole === 'systemAdmin';

const seesOrganizations = (me: Schema['UserDetails'], sees: boolean) => isAdmin(me) || sees;

/** Where one can go; each for whom its API answers. */
const places: readonly { to: string; label: string; isFor: (me: Schema['UserDetails'], seesOrganizations: boolean) => boolean }[] = [
  { to: '/', label: 'shell.start', isFor: () => true },
  { to: '/invitations', label: 'shell.invitations', isFor: (me, sees) => isAdmin(me) || sees || me.systemRole === 'applicant' || (me.organizations ?? []).length > 0 },
  { to: '/batches', label: 'shell.batches', isFor: (me, sees) => isAdmin(me) || sees || (me.organizations ?? []).length > 0 },
  { to: '/identity', label: 'shell.identity', isFor: () => true },
  { to: '/users', label: 'shell.users', isFor: isAdmin },
  { to: '/organizations', label: 'organizations.title', isFor: seesOrganizations },
  { to: '/apps', label: 'apps.title', isFor: seesOrganizations },
  { to: '/subscriptions', label: 'subscriptions.title', isFor: seesOrganizations },
  { to: '/services', label: 'services.title', isFor: (me) => isAdmin(me) || me.systemRole === 'serviceAdmin' },
  { to: '/webhooks', label: 'webhooks.title', isFor: (me, sees) => isAdmin(me) || sees },
  { to: '/messages', label: 'messages.title', isFor: isAdmin },
  { to: '/audit', label: 'audit.title', isFor: isAdmin },
];

/** What is around every page of who is signed in. */
export function Shell() {
  const { t } = useTranslation();
  const me = useMe().data!;
  // Founders, members, Applicants and administrators: the API knows who has something to do with which.
  const sees = useOrganizations().length > 0;
  const [isOpen, setOpen] = useState(false);
  const navigation = (
    <Box component="nav" aria-label={t('shell.navigation')} onClick={() => setOpen(false)}>
      <List>
        {places
          .filter((place) => place.isFor(me, sees))
          .map(({ to, label }) => (
            <ListItem key={to} disablePadding>
              <ListItemButton component={NavLink} to={to} end={to === '/'} sx={{ '&.active': { bgcolor: 'action.selected', fontWeight: 600 } }}>
                <ListItemText primary={t(label)} slotProps={{ primary: { sx: { fontWeight: 'inherit' } } }} />
              </ListItemButton>
            </ListItem>
          ))}
      </List>
    </Box>
  );
  return (
    <Box sx={{ display: 'flex' }}>
      <Button
        href="#content"
        variant="contained"
        sx={{ position: 'fixed', top: -100, left: 8, zIndex: 'tooltip', '&:focus': { top: 8 } }}
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('content')?.focus();
        }}
      >
        {t('shell.skip')}
      </Button>
      <AppBar position="fixed" color="default" elevation={1} sx={{ zIndex: (theme) => theme.zIndex.drawer + 1 }}>
        <Toolbar variant="dense">
          <IconButton edge="start" color="inherit" aria-label={t('shell.menu')} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)} sx={{ display: { md: 'none' } }}>
            <MenuIcon />
          </IconButton>
          <Typography component={Link} to="/" sx={{ flexGrow: 1, fontWeight: 700, color: 'inherit', textDecoration: 'none' }}>
            InviteHub
          </Typography>
          <Preferences />
          <Account me={me} />
        </Toolbar>
      </AppBar>
      <Drawer variant="temporary" open={isOpen} onClose={() => setOpen(false)} sx={{ display: { md: 'none' } }} slotProps={{ paper: { sx: { width, pt: 6 } } }}>
        {navigation}
      </Drawer>
      <Box sx={{ display: { xs: 'none', md: 'block' }, width, flexShrink: 0, pt: 7 }}>{navigation}</Box>
      <Box component="main" id="content" tabIndex={-1} sx={{ flexGrow: 1, minWidth: 0, p: { xs: 1.5, sm: 3 }, pt: { xs: 8, sm: 9 }, outline: 'none' }}>
        <Suspense fallback={<Loading inShell />}>
          <Outlet />
        </Suspense>
      </Box>
    </Box>
  );
}

function Account({ me }: { me: Schema['UserDetails'] }) {
  const { t } = useTranslation();
  const signOut = useSignOut();
  const profile = useProfile();
  return (
    <>
      <Button component={Link} to="/profile" color="inherit" title={t('shell.account')} sx={{ minWidth: 0, gap: 1 }}>
        <PersonAvatar size={28} picture={ownPicture(profile.data)} initials={initialsOf(me)} />
        <Wide>
          {me.firstName} {me.lastName}
        </Wide>
      </Button>
      <Button color="inherit" loading={signOut.isPending} onClick={() => signOut.mutate()} sx={{ minWidth: 0 }}>
        <SignOutIcon sx={{ display: { sm: 'none' } }} />
        <Wide>{t('shell.signOut')}</Wide>
      </Button>
    </>
  );
}

/** What a telephone has no place for, and only reads aloud. */
function Wide({ children }: { children: ReactNode }) {
  return (
    <Box component="span" sx={(theme) => ({ [theme.breakpoints.down('sm')]: { position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' } })}>
      {children}
    </Box>
  );
}
