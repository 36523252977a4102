import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';

/** The heading of a part of a page, what it is about, and what can be done there. */
export function PartHeading({ children, about, beside }: { children: string; about?: string; beside?: ReactNode }) {
  return (
    <>
      <Stack direction="row" useFlexGap sx={{ mb: 1, gap: 1, justifyContent: 'space-between', alignItems: 'center', flexWrap: 'wrap' }}>
        <Typography variant="h2">{children}</Typography>
        {beside}
      </Stack>
      {about && <Typography sx={{ mb: 2, color: 'text.secondary' }}>{about}</Typography>}
    </>
  );
}
