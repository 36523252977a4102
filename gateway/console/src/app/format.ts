import { currentLanguage } from '../i18n/i18n';

// Days before months, as in the mails.
const locale = () => (currentLanguage() === 'sv' ? 'sv' : 'en-GB');

/** An instant in the reader's language and time zone. */
export const formatInstant = (at: string) => new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));

/** The same to the second, where the order of things matters. */
export const formatSecond = (at: string) => new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(at));

export const formatDate = (at: string) => new Intl.DateTimeFormat(locale(), { dateStyle: 'long' }).format(new Date(at));

export const formatNumber = (n: number | string) => new Intl.NumberFormat(locale()).format(Number(n));
