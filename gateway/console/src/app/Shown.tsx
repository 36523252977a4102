import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Skeleton from '@mui/material/Skeleton';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../api/client';
import { NotFound } from '../pages/Errors';
import { reasonOf } from './errors';

/** What was asked for, once it has come; until then where it will be, and why not where it does not come. */
export function Shown<T>({ of, children }: { of: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  return of.data === undefined ? <NotShown of={of} /> : children(of.data);
}

/** Where something will be that was asked for and has not come yet, or why it does not come. */
export function NotShown({ of, height = 240 }: { of: Pick<UseQueryResult, 'isPending' | 'error' | 'refetch'>; height?: number }) {
  const { t } = useTranslation();
  if (of.isPending) return <Skeleton variant="rounded" height={height} aria-label={t('error.loading')} />;
  const { status } = Problem.from(of.error);
  // An id that is none finds nothing either.
  if (status === 404 || status === 400) return <NotFound />;
  return (
    <Alert severity="error" action={<Button color="inherit" onClick={() => void of.refetch()}>{t('error.again')}</Button>}>
      {reasonOf(of.error, t)}
    </Alert>
  );
}
