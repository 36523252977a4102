import type { TFunction } from 'i18next';
import { Problem } from '../api/client';

/** Why something was refused or failed, in the reader's language where there are words of our own, and in the API's else. */
export function reasonOf(error: unknown, t: TFunction): string {
  const problem = Problem.from(error);
  return t(`problem.${problem.code}`, { defaultValue: problem.message || t('problem.unavailable') });
}
