import Button from '@mui/material/Button';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyIcon } from './icons';

/** Copies a text, and says that it did. */
export function CopyButton({ text }: { text: string }) {
  const { t } = useTranslation();
  const [isCopied, setCopied] = useState(false);
  return (
    <Button startIcon={<CopyIcon />} onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}>
      {t(isCopied ? 'action.copied' : 'action.copy')}
    </Button>
  );
}
