import { useTranslation } from 'react-i18next';
import type { Schema } from '../api/client';
import { Facts } from './Facts';
import { formatInstant } from './format';

/** What an account says about its person. */
export function PersonFacts({ of }: { of: Schema['UserProfile'] }) {
  const { t } = useTranslation();
  const yesNo = (value: boolean | null | undefined) => (value === true ? t('value.yes') : value === false ? t('value.no') : null);
  return (
    <Facts
      of={[
        [t('field.email'), of.email],
        [t('field.username'), of.username],
        [t('field.language'), t(`value.${of.language}`)],
        [t('field.phone'), of.phone],
        [t('field.swedishCitizen'), yesNo(of.swedishCitizen)],
        [t('field.euCitizen'), yesNo(of.euCitizen)],
        [t('field.personalNumber'), of.personalNumber],
        [t('field.lmaNumber'), of.lmaNumber],
        [t('field.gender'), of.gender],
        [t('field.createdAt'), formatInstant(of.createdAt!)],
        [t('field.lastActivityAt'), of.lastActivityAt ? formatInstant(of.lastActivityAt) : t('value.never')],
      ]}
    />
  );
}
