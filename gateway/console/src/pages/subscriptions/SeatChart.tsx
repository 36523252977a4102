import Box from '@mui/material/Box';
import { BarChart } from '@mui/x-charts/BarChart';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client';
import { colours } from '../../app/chart';
import { Facts } from '../../app/Facts';
import { formatNumber } from '../../app/format';

/** The seats of a subscription: a picture, and the same in numbers. */
export function SeatChart({ of: { seats, waiting } }: { of: Schema['SubscriptionView'] }) {
  const { t } = useTranslation();
  const parts = [
    { label: t('subscriptions.occupied'), count: Number(seats.occupied), color: colours.first },
    { label: t('subscriptions.reserved'), count: Number(seats.reserved), color: colours.second },
    ...(seats.free === null ? [] : [{ label: t('subscriptions.free'), count: Number(seats.free), color: colours.third }]),
  ];
  const all = parts.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <Box role="img" aria-label={t('subscriptions.seatChart', { occupied: seats.occupied, reserved: seats.reserved, free: seats.free ?? '∞' })}>
        <BarChart
          layout="horizontal"
          height={130}
          disableKeyboardNavigation
          series={parts.map(({ label, count, color }) => ({ label, data: [count], color, stack: 'seats' }))}
          yAxis={[{ data: [''], position: 'none' }]}
          xAxis={[{ min: 0, max: Math.max(1, all), tickMinStep: 1, valueFormatter: (n: number) => formatNumber(n) }]}
          margin={{ left: 12, right: 12 }}
        />
      </Box>
      <Facts
        of={[
          [t('subscriptions.limit'), seats.limit === null ? t('settings.unlimited') : formatNumber(seats.limit)],
          ...parts.map(({ label, count }) => [label, formatNumber(count)] as const),
          [t('subscriptions.waiting'), Number(waiting) > 0 && formatNumber(waiting)],
        ]}
      />
    </>
  );
}
