import Box from '@mui/material/Box';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';

interface Part {
  /** Its last segment of the address. */
  key: string;
  label: string;
  content: ReactNode;
}

/** A thing's page in parts, each with an address of its own: the first has the thing's. */
export function Tabbed({ name, at, parts }: { name: string; at: string; parts: readonly Part[] }) {
  const asked = useParams().part;
  const shown = parts.find((one) => one.key === asked) ?? parts[0]!;
  const addressOf = ({ key }: Part) => (key === parts[0]!.key ? at : `${at}/${key}`);
  return (
    <>
      <Parts name={name} at={addressOf(shown)} of={parts.map((one) => [addressOf(one), one.label] as const)} panel="part" />
      <Box role="tabpanel" id="part" key={shown.key} aria-labelledby={addressOf(shown)}>
        {shown.content}
      </Box>
    </>
  );
}

/** The parts of a page, each with an address of its own. */
export function Parts({ name, at, of, panel }: { name: string; at: string; of: readonly (readonly [to: string, label: string])[]; panel?: string }) {
  return (
    <Tabs value={at} aria-label={name} variant="scrollable" allowScrollButtonsMobile sx={{ mb: 2, borderBottom: 1, borderColor: 'divider' }}>
      {of.map(([to, label]) => (
        <Tab key={to} component={Link} to={to} value={to} label={label} id={to} aria-controls={to === at ? panel : undefined} />
      ))}
    </Tabs>
  );
}
