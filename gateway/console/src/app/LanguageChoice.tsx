import { useTranslation } from 'react-i18next';
import { Choice } from './Form';

/** The language that somebody is written to in; in a file of its own, for those who register. */
export function LanguageChoice({ helperText }: { helperText?: string }) {
  const { t } = useTranslation();
  return (
    <Choice
      name="language"
      label={t('field.language')}
      helperText={helperText}
      options={[
        ['en', 'English'],
        ['sv', 'Svenska'],
      ]}
    />
  );
}
