import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useEffect, useRef, type ReactNode } from 'react';
import { useLocation } from 'react-router';
import { Preferences } from './Preferences';

/** A page's heading. It is the window's title too, and where keyboards and screen readers begin after going from page to page. */
export function Heading({ children, beside }: { children: string; beside?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { key } = useLocation();
  useEffect(() => {
    document.title = `${children} · InviteHub`;
  }, [children]);
  useEffect(() => {
    if (key !== 'default' && !document.activeElement?.closest('main')) heading.current?.focus();
  }, [key]);
  return (
    <Stack direction="row" useFlexGap sx={{ mb: 2, gap: 1, justifyContent: 'space-between', alignItems: 'center', flexWrap: 'wrap' }}>
      <Typography variant="h1" ref={heading} tabIndex={-1} sx={{ outline: 'none', overflowWrap: 'anywhere' }}>
        {children}
      </Typography>
      {beside}
    </Stack>
  );
}

/** A page of its own, for who is not signed in: one matter, in the middle. */
export function Narrow({ title, width = 480, children }: { title: string; width?: number; children: ReactNode }) {
  return (
    <Box sx={{ minHeight: '100vh', display: 'flex', flexDirection: 'column' }}>
      <Box component="header" sx={{ display: 'flex', alignItems: 'center', px: 2, py: 1 }}>
        <Typography sx={{ flexGrow: 1, fontWeight: 700 }}>InviteHub</Typography>
        <Preferences />
      </Box>
      <Box component="main" sx={{ flexGrow: 1, display: 'grid', placeItems: { xs: 'start stretch', sm: 'center' }, p: { xs: 1, sm: 3 } }}>
        <Paper sx={{ p: { xs: 2, sm: 4 }, width: '100%', maxWidth: width }}>
          <Heading>{title}</Heading>
          {children}
        </Paper>
      </Box>
    </Box>
  );
}
