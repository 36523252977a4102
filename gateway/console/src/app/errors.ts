import type { TFunction } from 'i18next';
import { Problem } from '../api/client';

/** Why something was refused or failed, in the reader's language where there are words of our own, and in the API's else. */
export function reasonOf(error: unknown, t: TFunction): string {
  const problem = Problem.from(error);
  return t(`problem.${problem.code}`, { defaultValue: problem.message || t('problem.unavailable') });
}

/** What is refused because of one field is shown beside it: the field by the refusal's code. */
export function besideField(error: unknown, fields: Record<string, string>, t: TFunction): unknown {
  const problem = Problem.from(error);
  const field = fields[problem.code];
  return field ? new Problem(problem.status, problem.code, problem.message, { [field]: [reasonOf(problem, t)] }) : error;
}
