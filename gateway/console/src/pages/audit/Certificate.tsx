import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import MuiLink from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api, body } from '../../api/client';
import { Facts } from '../../app/Facts';
import { formatSecond } from '../../app/format';
import { Heading } from '../../app/Page';
import { Section } from '../../app/Section';
import { NotShown } from '../../app/Shown';
import { save, Source } from './parts';

/** What was erased of a person, where and when, signed; its parts as files that openssl alone can check (GDP-04). */
export function Page() {
  const { t } = useTranslation();
  const path = { id: useParams().id! };
  const certificate = useQuery({ queryKey: ['certificate', path.id], queryFn: () => body(api.GET('/api/v1/audit/certificates/{id}', { params: { path } })) });
  if (!certificate.data) return <NotShown of={certificate} />;

  const one = certificate.data;
  return (
    <>
      <Heading>{t('audit.certificate')}</Heading>
      <Box sx={{ display: 'grid', gap: 2, '& > *': { minWidth: 0 } }}>
        <Section title={t('audit.statement')}>
          <Facts
            of={[
              [t('audit.account'), one.id],
              [t('audit.at'), formatSecond(one.at)],
              [
                t('audit.stream'),
                <MuiLink component={Link} to={`/audit/streams/anonymization-${one.id}`}>
                  {`anonymization-${one.id}`}
                </MuiLink>,
              ],
            ]}
          />
          <Source of={one.statement} name={t('audit.statement')} />
        </Section>
        <Section title={t('audit.check')}>
          <Typography sx={{ mb: 1.5 }}>{t('audit.checkHow')}</Typography>
          <Source of="openssl dgst -sha256 -verify public.pem -signature certificate.sig certificate.txt" name={t('audit.command')} />
          <Box sx={{ mt: 1.5, display: 'flex', flexWrap: 'wrap', gap: 1 }}>
            <Button variant="contained" onClick={() => save('certificate.txt', new Blob([one.statement]))}>
              {t('audit.statementFile')}
            </Button>
            <Button onClick={() => save('certificate.sig', new Blob([Uint8Array.from(atob(one.signature), (letter) => letter.charCodeAt(0))]))}>{t('audit.signatureFile')}</Button>
            <Button onClick={() => save('claimed.pem', new Blob([one.publicKey]))}>{t('audit.keyFile')}</Button>
          </Box>
        </Section>
      </Box>
    </>
  );
}
