import { currentLanguage } from '../i18n/i18n';

/** An instant in the reader's language and time zone. */
export const formatInstant = (at: string) => new Intl.DateTimeFormat(currentLanguage(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));

export const formatDate = (at: string) => new Intl.DateTimeFormat(currentLanguage(), { dateStyle: 'long' }).format(new Date(at));

export const formatNumber = (n: number | string) => new Intl.NumberFormat(currentLanguage()).format(Number(n));
