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
  const { t } = useTranslation();
  if (of.data !== undefined) return children(of.data);
  if (of.isPending) return <Skeleton variant="rounded" height={240} aria-label={t('error.loading')} />;
  if (Problem.from(of.error).status === 404) return <NotFound />;
  return (
    <Alert severity="error" action={<Button color="inherit" onClick={() => void of.refetch()}>{t('error.again')}</Button>}>
      {reasonOf(of.error, t)}
    </Alert>
  );
}
