import type { TFunction } from 'i18next';
import { Problem } from '../api/client';
import { fieldReason } from './reasons';

/** Why something was refused or failed, in the reader's language where there are words of our own, and in the API's else. */
export function reasonOf(error: unknown, t: TFunction): string {
  const problem = Problem.from(error);
  return refusalOf({ code: problem.code, detail: problem.message, facts: problem.body.facts as Facts }, t);
}

type Facts = Record<string, string | number> | null | undefined;

/** The same of a refusal that is kept: its stable code, the API's words, and the facts that decided. */
export function refusalOf({ code, detail, facts }: { code: string; detail?: string | null; facts?: Facts }, t: TFunction): string {
  const rolesOf = (names: unknown) => String(names ?? '').split(',').map((role) => t(`role.${role}`, { defaultValue: role })).join(', ');
  const told = facts && { ...facts, wanted: rolesOf(facts.wanted), inTheWay: rolesOf(facts.inTheWay), context: 'facts' };
  return t([`problem.${code}`, `refusal.${code}`], { ...told, detail: detail && fieldReason(detail), defaultValue: detail || t('problem.unavailable') });
}
