import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import { useColorScheme } from '@mui/material/styles';
import { useTranslation } from 'react-i18next';
import { currentLanguage, setLanguage } from '../i18n/i18n';
import { DarkIcon, LightIcon } from './icons';

/** The reader's language, and light or dark. */
export function Preferences() {
  const { t } = useTranslation();
  const { mode, systemMode, setMode } = useColorScheme();
  const isDark = (mode === 'system' ? systemMode : mode) === 'dark';
  const other = currentLanguage() === 'sv' ? 'en' : 'sv';
  return (
    <>
      <Button color="inherit" size="small" lang={other} onClick={() => void setLanguage(other)}>
        {other === 'sv' ? 'Svenska' : 'English'}
      </Button>
      <IconButton color="inherit" aria-label={t(isDark ? 'shell.light' : 'shell.dark')} title={t(isDark ? 'shell.light' : 'shell.dark')} onClick={() => setMode(isDark ? 'light' : 'dark')}>
        {isDark ? <LightIcon /> : <DarkIcon />}
      </IconButton>
    </>
  );
}
