import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import LinearProgress from '@mui/material/LinearProgress';
import Typography from '@mui/material/Typography';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { api, body } from '../../api/client';
import { formatInstant } from '../../app/format';
import { Heading } from '../../app/Page';
import { Section } from '../../app/Section';
import { NotShown } from '../../app/Shown';

/** How far a person is forgotten, service by service, and at the end the certificate (GDP-03, GDP-04). */
export function Page() {
  const { t } = useTranslation();
  const path = { id: useParams().id! };
  const progress = useQuery({
    queryKey: ['anonymization', path.id],
    queryFn: () => body(api.GET('/api/v1/users/{id}/anonymization', { params: { path } })),
    refetchInterval: ({ state }) => state.data?.status !== 'completed' && 1000,
  });
  if (!progress.data) return <NotShown of={progress} />;
  const { status, steps, certificate } = progress.data;
  const settled = steps.filter((step) => step.at !== null).length;
  return (
    <>
      <Heading>{t('removal.progress')}</Heading>
      <Section title={t(`removal.${status}`, { defaultValue: status })}>
        {status !== 'completed' && <LinearProgress variant="determinate" value={(100 * settled) / steps.length} aria-label={t('removal.progress')} sx={{ mb: 2 }} />}
        <Box component="ol" sx={{ m: 0, pl: 3 }}>
          {steps.map((step) => (
            <Box component="li" key={step.service} sx={{ mb: 1 }}>
              <strong>{t(`removal.step.${step.service}`, { defaultValue: step.service })}</strong>: {t(`removal.is.${step.status}`, { defaultValue: step.status })}
              {step.at && (
                <Typography component="span" variant="body2" color="text.secondary">
                  {' '}
                  · <time dateTime={step.at}>{formatInstant(step.at)}</time>
                </Typography>
              )}
              {step.erased && (
                <Typography variant="body2" color="text.secondary">
                  {Object.entries(step.erased)
                    .map(([what, count]) => `${what} ${count}`)
                    .join(', ')}
                </Typography>
              )}
            </Box>
          ))}
        </Box>
      </Section>
      {certificate && (
        <Box sx={{ mt: 2 }}>
          <Section title={t('removal.certificate')}>
            <Typography sx={{ mb: 1.5 }}>{t('removal.certificateHow')}</Typography>
            <Box component="pre" tabIndex={0} aria-label={t('removal.certificate')} sx={{ m: 0, mb: 2, p: 1.5, border: 1, borderColor: 'divider', borderRadius: 1, overflow: 'auto', fontSize: '.8rem', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {certificate.statement}
            </Box>
            <Button variant="outlined" href={`/api/v1/audit/certificates/${path.id}`} download={`certificate-${path.id}.json`}>
              {t('removal.download')}
            </Button>
          </Section>
        </Box>
      )}
    </>
  );
}
