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
  return (
    <>
      <Tabs value={shown.key} variant="scrollable" allowScrollButtonsMobile aria-label={name} sx={{ mb: 2 }}>
        {parts.map(({ key, label }) => (
          <Tab key={key} value={key} label={label} component={Link} to={key === parts[0]!.key ? at : `${at}/${key}`} id={`part-${key}`} aria-controls={key === shown.key ? 'part' : undefined} />
        ))}
      </Tabs>
      <Box role="tabpanel" id="part" key={shown.key} aria-labelledby={`part-${shown.key}`}>
        {shown.content}
      </Box>
    </>
  );
}
