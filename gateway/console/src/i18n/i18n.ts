import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

export type Language = 'en' | 'sv';

const kept = 'invitehub.language';
// Only the one that is read is loaded.
const texts = { en: () => import('./en'), sv: () => import('./sv') };
// Those of pages that are for who is signed in.
const pageTexts = { en: () => import('./en.pages'), sv: () => import('./sv.pages') };
// What the API says beside fields; it says it in English.
const reasons = { en: undefined, sv: () => import('./reasons.sv') };
let ownReasons: readonly (readonly [english: string, own: string])[] = [];
let isSignedIn = false;

export async function startLanguage(): Promise<void> {
  const chosen = localStorage.getItem(kept) ?? navigator.languages.map((l) => l.slice(0, 2)).find((l) => l === 'en' || l === 'sv');
  await i18next.use(initReactI18next).init({
    resources: {},
    lng: 'en',
    fallbackLng: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
  });
  await use(chosen === 'sv' ? 'sv' : 'en');
}

/** Changes the language now and for the next visit. */
export async function setLanguage(language: Language): Promise<void> {
  localStorage.setItem(kept, language);
  await use(language);
}

/** Adds what the pages behind the sign-in say, which the first page has no use for. */
export async function addPageTexts(): Promise<void> {
  isSignedIn = true;
  await use(currentLanguage());
}

export function currentLanguage(): Language {
  return i18next.language === 'sv' ? 'sv' : 'en';
}

/** What the API says is wrong with fields, with the same in the reader's language. */
export const fieldReasons = () => ownReasons;

async function use(language: Language) {
  const [first, pages, beside] = await Promise.all([texts[language](), isSignedIn ? pageTexts[language]() : undefined, reasons[language]?.()]);
  ownReasons = beside?.reasons ?? [];
  i18next.addResourceBundle(language, 'translation', { ...first.default, ...pages?.default });
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
