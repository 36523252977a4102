import { currentLanguage } from '../i18n/i18n';

// Days before months, as in the mails.
const locale = () => (currentLanguage() === 'sv' ? 'sv' : 'en-GB');

/** An instant in the reader's language and time zone. */
export const formatInstant = (at: string) => new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));

export const formatDate = (at: string) => new Intl.DateTimeFormat(locale(), { dateStyle: 'long' }).format(new Date(at));

/** A day of about this year. */
export const formatDay = (at: Date) => new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short' }).format(at);

export const formatNumber = (n: number | string) => new Intl.NumberFormat(locale()).format(Number(n));

/** A language by its name, of its tag (BCP 47). */
export const formatLanguage = (tag: string) => new Intl.DisplayNames(locale(), { type: 'language' }).of(tag) ?? tag;
