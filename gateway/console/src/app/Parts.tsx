import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import { Link } from 'react-router';

/** The parts of a page, each with an address of its own. */
export function Parts({ name, at, of }: { name: string; at: string; of: readonly (readonly [to: string, label: string])[] }) {
  return (
    <Tabs value={at} aria-label={name} variant="scrollable" allowScrollButtonsMobile sx={{ mb: 2, borderBottom: 1, borderColor: 'divider' }}>
      {of.map(([to, label]) => (
        <Tab key={to} component={Link} to={to} value={to} label={label} />
      ))}
    </Tabs>
  );
}
