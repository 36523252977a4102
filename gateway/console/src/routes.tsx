import { lazy, type ComponentType } from 'react';
import { createBrowserRouter, type RouteObject } from 'react-router';
import { SignedIn } from './app/SignedIn';
import { Broken, NotFound } from './pages/Errors';

/** A page that is loaded when it is shown, so never before its reader has signed in: its file exports it as Page. */
const page = (path: string, load: () => Promise<{ Page: ComponentType }>): RouteObject => ({
  path,
  Component: lazy(async () => ({ default: (await load()).Page })),
});

export const router = createBrowserRouter([
  {
    errorElement: <Broken />,
    children: [
      page('/sign-in', () => import('./pages/SignIn')),
      page('/change-password', () => import('./pages/ChangePassword')),
      page('/forgotten-password', () => import('./pages/ForgottenPassword')),
      page('/password-reset/:token', () => import('./pages/PasswordReset')),
      page('/registrations/:token', () => import('./pages/Registration')),
      page('/registrations/team-links/:token', () => import('./pages/TeamLink')),
      {
        Component: SignedIn,
        children: [
          {
            // Within the shell, so that the way on stays in sight.
            errorElement: <Broken inShell />,
            children: [
              page('/', () => import('./pages/Start')),
              page('/users', () => import('./pages/users/Users')),
              page('/users/:id', () => import('./pages/users/User')),
              page('/invitations', () => import('./pages/invitations/Invitations')),
              page('/invitations/:id', () => import('./pages/invitations/Invitation')),
              page('/batches', () => import('./pages/batches/Batches')),
              page('/batches/:id', () => import('./pages/batches/Batch')),
              page('/audit', () => import('./pages/audit/Audit')),
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
]);
