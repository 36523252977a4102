import Alert from '@mui/material/Alert';
import Chip from '@mui/material/Chip';
import { useTranslation } from 'react-i18next';

/** Marks what goes out only once a second person has approved it (INV-23). */
export function AwaitsApproval() {
  const { t } = useTranslation();
  return <Chip size="small" variant="outlined" color="warning" label={t('approval.awaited')} sx={{ color: 'text.primary', height: 'auto', '& .MuiChip-label': { whiteSpace: 'normal', py: 0.25 } }} />;
}

/** Says who is to approve it: nobody approves what they asked for. */
export function WhoApproves({ isOwn }: { isOwn: boolean }) {
  const { t } = useTranslation();
  return (
    <Alert severity="info" sx={{ mb: 2 }}>
      {t(isOwn ? 'approval.own' : 'approval.others')}
    </Alert>
  );
}
