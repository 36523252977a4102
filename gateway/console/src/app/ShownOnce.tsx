import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { CopyButton } from './CopyButton';

/** What is shown once and to be kept elsewhere, with words on what it is for. */
export function ShownOnce({ how, text }: { how: string; text: string }) {
  return (
    <>
      <Typography>{how}</Typography>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 2, my: 2 }}>
        <Typography component="code" sx={{ fontFamily: 'monospace', overflowWrap: 'anywhere', minWidth: 0 }}>
          {text}
        </Typography>
        <CopyButton text={text} />
      </Box>
    </>
  );
}
