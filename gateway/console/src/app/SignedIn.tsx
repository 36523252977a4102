import { lazy } from 'react';
import { Navigate, useLocation } from 'react-router';
import { Problem } from '../api/client';
import { addPageTexts } from '../i18n/i18n';
import { Loading } from '../pages/Errors';
import { useMe } from './session';

const Shell = lazy(async () => {
  const [{ Shell }] = await Promise.all([import('./Shell'), addPageTexts()]);
  return { default: Shell };
});

/** Leads whoever is not signed in to where they sign in, and back; nothing of what is behind it is loaded before. */
export function SignedIn() {
  const me = useMe();
  const here = useLocation();
  if (me.isPending) return <Loading />;
  if (me.error) {
    const { status, code } = Problem.from(me.error);
    const next = here.pathname === '/' ? '' : `?next=${encodeURIComponent(here.pathname + here.search)}`;
    if (status === 401) return <Navigate to={`/sign-in${next}`} replace />;
    if (code === 'password-change-required') return <Navigate to={`/change-password${next}`} replace />;
    if (!me.data) throw me.error;
  }

  return <Shell />;
}
