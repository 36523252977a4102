import { currentLanguage } from '../i18n/i18n';

// Days before months, as in the mails.
const locale = () => (currentLanguage() === 'sv' ? 'sv' : 'en-GB');

/** An instant in the reader's language and time zone. */
export const formatInstant = (at: string) => new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));

/** The same to the second, where the order of things matters. */
export const formatSecond = (at: string) => new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(at));

/** A day: that of an instant in the reader's time zone, or one that is the same everywhere (2026-01-31). */
export const formatDate = (at: string) => new Intl.DateTimeFormat(locale(), { dateStyle: 'long', ...(at.length === 10 && { timeZone: 'UTC' }) }).format(new Date(at));

/** A day of about this year, as UTC has it. */
export const formatDay = (at: Date) => new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(at);

export const formatNumber = (n: number | string) => new Intl.NumberFormat(locale()).format(Number(n));

export const initialsOf = ({ firstName, lastName }: { firstName?: string; lastName?: string }) =>
  [firstName, lastName].map((name) => [...(name ?? '')][0] ?? '').join('').toUpperCase();

/** A language by its name, of its tag (BCP 47). */
export const formatLanguage = (tag: string) => new Intl.DisplayNames(locale(), { type: 'language' }).of(tag) ?? tag;
