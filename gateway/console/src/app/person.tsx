import { useEffect } from 'react';
import { useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { Choice, Field } from './Form';

/** A yes, a no or neither as a choice has it. */
export const yesNo = (value: boolean | null | undefined) => (value === true ? 'yes' : value === false ? 'no' : '');
export const readYesNo = (text: string) => (text === '' ? null : text === 'yes');

/** A telephone number as the API takes it, with its country; without one it is Swedish. What is none is left to the API to refuse. */
async function international(phone: string): Promise<string | null> {
  if (phone.trim() === '') return null;
  const { parsePhoneNumberFromString } = await import('libphonenumber-js/min');
  return parsePhoneNumberFromString(phone, 'SE')?.number ?? phone;
}

/** A person's details as the API takes them: what was left empty is not given. */
export async function bodyOf<T extends { swedishCitizen: string; euCitizen: string; phone: string }>(typed: T) {
  const given = Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, String(value).trim() || null]));
  return { ...given, swedishCitizen: readYesNo(typed.swedishCitizen), euCitizen: readYesNo(typed.euCitizen), phone: await international(typed.phone) };
}

/** Of a person's details as the API takes them, those that were typed anew: what is masked stays as it is. */
export async function changesOf<T extends Record<string, string> & Parameters<typeof bodyOf>[0]>(before: T, typed: T) {
  return Object.fromEntries(Object.entries(await bodyOf(typed)).filter(([name]) => typed[name] !== before[name]));
}

export function Names() {
  const { t } = useTranslation();
  return (
    <>
      <Field name="firstName" label={t('field.firstName')} autoComplete="off" autoFocus />
      <Field name="lastName" label={t('field.lastName')} autoComplete="off" />
    </>
  );
}

/** Citizenships and the numbers that go with them (INV-03, INV-04). */
export function Citizenship() {
  const { t } = useTranslation();
  return (
    <>
      <CitizenshipChoices />
      <Numbers />
      <Field name="phone" label={t('field.phone')} type="tel" helperText={t('users.phoneHow')} autoComplete="off" />
      <Field name="gender" label={t('field.gender')} autoComplete="off" />
    </>
  );
}

export function Numbers() {
  const { t } = useTranslation();
  return (
    <>
      <Field name="personalNumber" label={t('field.personalNumber')} helperText="YYYYMMDD-XXXX" autoComplete="off" />
      <Field name="lmaNumber" label={t('field.lmaNumber')} autoComplete="off" />
    </>
  );
}

export function CitizenshipChoices() {
  const { t } = useTranslation();
  const { watch, setValue } = useFormContext<{ swedishCitizen: string; euCitizen: string }>();
  const [swedish, eu] = watch(['swedishCitizen', 'euCitizen']);
  // Who is Swedish is of the EU, and who is not of the EU is not Swedish.
  useEffect(() => {
    if (swedish === 'yes') setValue('euCitizen', 'yes');
  }, [swedish, setValue]);
  useEffect(() => {
    if (eu === 'no') setValue('swedishCitizen', 'no');
  }, [eu, setValue]);
  const yesOrNo = [
    ['', t('value.notGiven')],
    ['yes', t('value.yes')],
    ['no', t('value.no')],
  ] as const;
  return (
    <>
      <Choice name="swedishCitizen" label={t('field.swedishCitizen')} options={yesOrNo} />
      <Choice name="euCitizen" label={t('field.euCitizen')} options={yesOrNo} />
    </>
  );
}
