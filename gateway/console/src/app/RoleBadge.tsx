import Chip from '@mui/material/Chip';
import { useTranslation } from 'react-i18next';

// Fixed, so that a role is known by it; each with enough contrast to white.
const colours: Record<string, string> = {
  guest: '#5f6368', systemAdmin: '#a1260d', economyAdmin: '#7a5200', applicant: '#1f4e8c', serviceAdmin: '#5b2a86', supplierAdmin: '#00695c',
  customerAdmin: '#2e6b1f', professional: '#0b6b8a', mentor: '#8a1c5c', attendee: '#4a4f8f', app: '#37474f',
};

/** A role in its colour (USR-01). */
export function RoleBadge({ role }: { role: string }) {
  const { t } = useTranslation();
  return <Chip size="small" label={t(`role.${role}`, { defaultValue: role })} sx={{ bgcolor: colours[role] ?? colours.app, color: '#fff', mr: 0.5, my: 0.25 }} />;
}
