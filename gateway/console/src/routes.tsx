import { lazy, type ComponentType } from 'react';
import { useRoutes, type RouteObject } from 'react-router';
import { SignedIn } from './app/SignedIn';
import { NotFound, Unbroken } from './pages/Errors';

/** A page that is loaded when it is shown, so never before its reader has signed in: its file exports it as Page. */
const page = (path: string, load: () => Promise<{ Page: ComponentType }>): RouteObject => ({
  path,
  Component: lazy(async () => ({ default: (await load()).Page })),
});

const routes: RouteObject[] = [
  {
    element: <Unbroken />,
    children: [
      page('/sign-in', () => import('./pages/SignIn')),
      page('/change-password', () => import('./pages/ChangePassword')),
      page('/forgotten-password', () => import('./pages/ForgottenPassword')),
      page('/password-reset/:token', () => import('./pages/PasswordReset')),
      page('/privacy', () => import('./pages/Privacy')),
      page('/registrations/:token', () => import('./pages/Registration')),
      page('/registrations/team-links/:token', () => import('./pages/TeamLink')),
      {
        Component: SignedIn,
        children: [
          {
            // Within the shell, so that the way on stays in sight.
            element: <Unbroken inShell />,
            children: [
              page('/', () => import('./pages/Start')),
              page('/profile/:part?', () => import('./pages/profile/Profile')),
              page('/users', () => import('./pages/users/Users')),
              page('/users/register', () => import('./pages/users/Register')),
              page('/users/imports/:id', () => import('./pages/users/Import')),
              page('/users/removal-requests', () => import('./pages/users/RemovalRequests')),
              page('/users/:id/anonymization', () => import('./pages/users/Anonymization')),
              page('/users/:id', () => import('./pages/users/User')),
              page('/identity/:part?', () => import('./pages/identity/Identity')),
              page('/users/:id/identity', () => import('./pages/identity/OfUser')),
              page('/invitations', () => import('./pages/invitations/Invitations')),
              page('/invitations/team-links', () => import('./pages/invitations/TeamLinks')),
              page('/invitations/:id', () => import('./pages/invitations/Invitation')),
              page('/batches', () => import('./pages/batches/Batches')),
              page('/batches/:id', () => import('./pages/batches/Batch')),
              page('/organizations', () => import('./pages/organizations/Organizations')),
              page('/organizations/:id/:part?', () => import('./pages/organizations/Organization')),
              page('/apps', () => import('./pages/apps/Apps')),
              page('/apps/:id', () => import('./pages/apps/App')),
              page('/subscriptions', () => import('./pages/subscriptions/Subscriptions')),
              page('/subscriptions/:id/:part?', () => import('./pages/subscriptions/Subscription')),
              page('/services', () => import('./pages/services/Services')),
              page('/services/:id/:part?', () => import('./pages/services/Service')),
              page('/audit', () => import('./pages/audit/Audit')),
              page('/audit/organizations', () => import('./pages/audit/Organization')),
              page('/audit/streams/:id', () => import('./pages/audit/Stream')),
              page('/audit/certificates/:id', () => import('./pages/audit/Certificate')),
              page('/messages', () => import('./pages/messages/Messages')),
              page('/messages/:kind', () => import('./pages/messages/Message')),
              page('/webhooks', () => import('./pages/webhooks/Webhooks')),
              page('/webhooks/:id', () => import('./pages/webhooks/Webhook')),
              { path: '*', element: <NotFound /> },
            ],
          },
        ],
      },
    ],
  },
];

/** The page of the address. Declared, not created with the router's own loading of data: that is 14 kB more of the first page, and nothing here uses it. */
export const Routes = () => useRoutes(routes);
