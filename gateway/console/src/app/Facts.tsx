import Box from '@mui/material/Box';

/** Names and values; what is not given is left out. */
export function Facts({ of }: { of: readonly (readonly [name: string, value: React.ReactNode])[] }) {
  return (
    <Box component="dl" sx={{ m: 0, mb: 2, display: 'grid', gridTemplateColumns: 'fit-content(55%) minmax(0, 1fr)', columnGap: 2, rowGap: 0.5, overflowWrap: 'anywhere', '& dd': { m: 0 }, '& dt': { color: 'text.secondary' } }}>
      {of
        .filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== false)
        .map(([name, value]) => (
          <Box key={name} sx={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </Box>
        ))}
    </Box>
  );
}
