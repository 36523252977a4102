import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../api/client';
import { reasonOf } from './errors';
import { Narrow } from './Page';

/** What is wrong with a mailed link, before anything is typed, and the way on (INV-05). */
export function LinkProblem({ error, kind, children }: { error: unknown; kind: 'reset' | 'invitation'; children?: ReactNode }) {
  const { t } = useTranslation();
  const problem = Problem.from(error);
  const title = problem.status === 410 || problem.status === 409 ? 'link.over' : problem.status === 404 ? 'link.unknown' : 'link.later';
  return (
    <Narrow title={t(title)}>
      <Typography sx={{ mb: 2 }}>{t(`link.${kind}.${problem.status === 404 ? 'unknown' : problem.code}`, { defaultValue: reasonOf(problem, t) })}</Typography>
      {children}
    </Narrow>
  );
}
