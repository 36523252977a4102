import { fieldReasons } from '../i18n/i18n';

/** What the API says is wrong with a field, in the reader's language where it is known there, and as the API says it else. */
export function fieldReason(reason: string): string {
  for (const [english, own] of fieldReasons()) {
    const values = patternOf(english).exec(reason)?.slice(1);
    if (values) return own.replace(/\{\}/g, () => values.shift() ?? '');
  }
  return reason;
}

const patterns = new Map<string, RegExp>();

function patternOf(english: string): RegExp {
  const kept = patterns.get(english);
  if (kept) return kept;
  const pattern = new RegExp(`^${english.split('{}').map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('(.+?)')}$`);
  patterns.set(english, pattern);
  return pattern;
}
