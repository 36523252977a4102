import Box from '@mui/material/Box';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import Typography from '@mui/material/Typography';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';
import { api, body, Problem } from '../../api/client';
import { Facts } from '../../app/Facts';
import { Heading } from '../../app/Page';
import { Section } from '../../app/Section';
import { NotShown } from '../../app/Shown';
import { currentLanguage } from '../../i18n/i18n';
import { NotFound } from '../Errors';

/** A message as it would be read, in each form that it goes out in (NOT-02). */
export function Page() {
  const { t } = useTranslation();
  const kind = useParams().kind!;
  const [address, setAddress] = useSearchParams();
  const language = address.get('language') === 'sv' || (!address.has('language') && currentLanguage() === 'sv') ? 'sv' : 'en';
  const messages = useQuery({ queryKey: ['messages', kind], queryFn: () => body(api.GET('/api/v1/messages', { params: { query: { search: kind } as never } })) });
  if (!messages.data) return <NotShown of={messages} />;
  const subject = messages.data.items.find((one) => one.kind === kind)?.languages.find((one) => one.language === language)?.subject;
  if (subject === undefined) return <NotFound />;

  return (
    <>
      <Heading
        beside={
          <ToggleButtonGroup exclusive size="small" value={language} aria-label={t('messages.language')} onChange={(_, next: string | null) => next && setAddress({ language: next }, { replace: true })}>
            <ToggleButton value="en" sx={{ textTransform: 'none' }}>{t('value.en')}</ToggleButton>
            <ToggleButton value="sv" sx={{ textTransform: 'none' }}>{t('value.sv')}</ToggleButton>
          </ToggleButtonGroup>
        }
      >
        {t(`messages.kinds.${kind}`, { defaultValue: kind })}
      </Heading>
      <Facts of={[[t('messages.subject'), <span lang={language}>{subject}</span>]]} />
      <Typography sx={{ mb: 2 }}>{t('messages.madeUp')}</Typography>
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { lg: '1fr 1fr' }, alignItems: 'start', '& > *': { minWidth: 0 } }}>
        <Section title={t('messages.html')}>
          {/* The gateway's answer has a policy of its own: it may style itself, and nothing else. */}
          <Box
            component="iframe"
            sandbox=""
            title={subject}
            src={`/api/v1/messages/${encodeURIComponent(kind)}/preview?language=${language}&format=html`}
            sx={{ display: 'block', width: '100%', height: 480, border: 1, borderColor: 'divider', borderRadius: 1, bgcolor: 'background.paper' }}
          />
        </Section>
        <Box sx={{ display: 'grid', gap: 2, '& > *': { minWidth: 0 } }}>
          <Section title={t('messages.text')}>
            <Words kind={kind} language={language} format="text" />
          </Section>
          <Section title={t('messages.sms')}>
            <Words kind={kind} language={language} format="sms" />
          </Section>
        </Box>
      </Box>
    </>
  );
}

function Words({ kind, language, format }: { kind: string; language: string; format: 'text' | 'sms' }) {
  const { t } = useTranslation();
  const words = useQuery({
    queryKey: ['messages', kind, language, format],
    queryFn: () => body<string>(api.GET('/api/v1/messages/{kind}/preview', { params: { path: { kind }, query: { language, format } }, parseAs: 'text' })),
  });
  // Not each goes that way.
  if (words.error && format === 'sms' && Problem.from(words.error).status === 422) return <Typography>{t('messages.noSms')}</Typography>;
  if (words.data === undefined) return <NotShown of={words} height={120} />;
  return (
    <Typography lang={language} sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
      {words.data}
    </Typography>
  );
}
