import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../api/client';
import { formatInstant } from './format';
import { NotShown } from './Shown';

type Page = Schema['PageOfLogEntry'];

/** What happened, in order of time: who, when, and each field before and after (LOG-01). */
export function Logs({ of, load }: { of: readonly unknown[]; load: (page: number) => Promise<Page> }) {
  const { t } = useTranslation();
  const logs = useInfiniteQuery({
    queryKey: [...of, 'logs'],
    queryFn: ({ pageParam }) => load(pageParam),
    initialPageParam: 1,
    getNextPageParam: (last) => (Number(last.page) * Number(last.pageSize) < Number(last.total) ? Number(last.page) + 1 : undefined),
  });
  const valueOf = (field: string, value: string) =>
    field === 'systemRole' ? t(`role.${value}`) : value === 'true' || value === 'false' ? t(value === 'true' ? 'value.yes' : 'value.no') : field === 'language' ? t(`value.${value}`, { defaultValue: value }) : value;
  if (!logs.data) return <NotShown of={logs} height={120} />;
  return (
    <>
      <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {logs.data.pages
          .flatMap((page) => page.items)
          .map((entry, n) => (
            <Box component="li" key={n} sx={{ borderLeft: 3, borderColor: 'divider', pl: 2, pb: 2 }}>
              <Typography sx={{ fontWeight: 600 }}>{t(`event.${eventOf(entry.event)}`, { defaultValue: inWords(eventOf(entry.event)) })}</Typography>
              <Typography variant="body2" color="text.secondary">
                <time dateTime={entry.at}>{formatInstant(entry.at)}</time>
                {entry.by && ` · ${entry.by.name ?? entry.by.id}`}
                {entry.why && ` · ${entry.why}`}
              </Typography>
              {entry.changes.map((change, i) => (
                <Typography key={i} variant="body2" sx={{ overflowWrap: 'anywhere' }}>
                  {t([`field.${fieldOf(change.field)}`, `settings.${fieldOf(change.field)}`], { defaultValue: inWords(fieldOf(change.field)) })}:{' '}
                  {change.before !== null && (
                    <Box component="del" sx={{ color: 'error.main', mr: 1 }}>
                      {valueOf(change.field, change.before)}
                    </Box>
                  )}
                  {change.after !== null && (
                    <Box component="ins" sx={{ color: 'success.dark', textDecoration: 'none', '.dark &': { color: 'success.light' } }}>
                      {valueOf(change.field, change.after)}
                    </Box>
                  )}
                </Typography>
              ))}
            </Box>
          ))}
      </Box>
      {logs.hasNextPage && (
        <Button loading={logs.isFetchingNextPage} onClick={() => void logs.fetchNextPage()}>
          {t('action.more')}
        </Button>
      )}
    </>
  );
}

// "user.app_role_granted.v1" is about a granted app role.
const eventOf = (name: string) => name.split('.')[1] ?? name;

// "settings.channels" is about channels; what belongs to somebody has their id behind it, and their name in its value.
const fieldOf = (name: string) => name.replace(/\.[0-9a-f-]{36}$/, '').split('.').at(-1)!;

const inWords = (name: string) => {
  const words = name.replace(/_/g, ' ').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
};
