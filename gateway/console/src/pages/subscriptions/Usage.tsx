import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import TextField from '@mui/material/TextField';
import { LineChart } from '@mui/x-charts/LineChart';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api, body } from '../../api/client';
import { colours } from '../../app/chart';
import { formatDate, formatDay, formatNumber } from '../../app/format';
import { Shown } from '../../app/Shown';

interface Day {
  date: string;
  limit: number | null;
  peakUsed: number;
  averageUsed: number;
  peakOccupied: number;
}

const spans = ['30', '90', '365'] as const;

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

/** How many seats were used each day (SUB-04): a picture, the same as a table, and as a file. */
export function Usage({ id }: { id: string }) {
  const { t } = useTranslation();
  const [address, setAddress] = useSearchParams();
  const span = spans.find((one) => one === address.get('days')) ?? '30';
  const query = { from: daysAgo(Number(span)), to: daysAgo(0) };
  const usage = useQuery({
    queryKey: ['subscriptions', id, 'usage', query],
    queryFn: () => body(api.GET('/api/v1/subscriptions/{id}/usage', { params: { path: { id }, query } })) as unknown as Promise<{ days: Day[] }>,
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, alignItems: 'center', mb: 2 }}>
        <TextField
          select
          size="small"
          label={t('subscriptions.span')}
          value={span}
          onChange={(event) => setAddress({ days: event.target.value }, { replace: true })}
          slotProps={{ select: { native: true }, inputLabel: { shrink: true } }}
        >
          {spans.map((one) => (
            <option key={one} value={one}>
              {t('subscriptions.lastDays', { count: Number(one) })}
            </option>
          ))}
        </TextField>
        <Button href={`/api/v1/subscriptions/${id}/usage.csv?from=${query.from}&to=${query.to}`} download={`usage-${query.from}-${query.to}.csv`}>
          {t('subscriptions.usageFile')}
        </Button>
      </Box>
      <Shown of={usage}>{({ days }) => <Days of={days} />}</Shown>
    </>
  );
}

function Days({ of }: { of: readonly Day[] }) {
  const { t } = useTranslation();
  const columns = [
    { label: t('subscriptions.peakUsed'), color: colours.first, value: (day: Day) => day.peakUsed },
    { label: t('subscriptions.peakOccupied'), color: colours.second, value: (day: Day) => day.peakOccupied },
    { label: t('subscriptions.limit'), color: colours.third, value: (day: Day) => day.limit },
  ];
  const most = Math.max(1, ...of.flatMap((day) => columns.map(({ value }) => value(day) ?? 0)));
  return (
    <>
      <Box role="img" aria-label={t('subscriptions.usageChart', { most: formatNumber(Math.max(0, ...of.map((day) => day.peakUsed))) })}>
        <LineChart
          height={280}
          disableKeyboardNavigation
          xAxis={[{ scaleType: 'utc', tickMinStep: 86_400_000, data: of.map((day) => new Date(day.date)), valueFormatter: (day: Date, { location }) => (location === 'tick' ? formatDay(day) : formatDate(day.toISOString().slice(0, 10))) }]}
          yAxis={[{ min: 0, max: most, tickMinStep: 1, valueFormatter: (n: number) => formatNumber(n) }]}
          series={columns.map(({ label, color, value }) => ({ label, color, curve: 'stepAfter', showMark: of.length < 3, data: of.map(value) }))}
          margin={{ left: 0, right: 16 }}
        />
      </Box>
      <Box component="details" sx={{ mt: 1, '& summary': { cursor: 'pointer', py: 0.5 } }}>
        <summary>{t('subscriptions.asTable')}</summary>
        <Box sx={{ overflow: 'auto', maxHeight: 400 }} tabIndex={0} role="region" aria-label={t('subscriptions.usage')}>
          <Table size="small">
            <TableHead>
              <TableRow>
                <TableCell>{t('subscriptions.day')}</TableCell>
                {columns.map(({ label }) => (
                  <TableCell key={label} align="right">
                    {label}
                  </TableCell>
                ))}
              </TableRow>
            </TableHead>
            <TableBody>
              {of.map((day) => (
                <TableRow key={day.date}>
                  <TableCell component="th" scope="row">
                    {formatDate(day.date)}
                  </TableCell>
                  {columns.map(({ label, value }) => (
                    <TableCell key={label} align="right">
                      {value(day) === null ? '–' : formatNumber(value(day)!)}
                    </TableCell>
                  ))}
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </Box>
      </Box>
    </>
  );
}
