import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import * as z from 'zod/mini';
import { api } from '../../api/client';
import { Field, Form } from '../../app/Form';
import { Heading } from '../../app/Page';
import { Section } from '../../app/Section';
import { Export } from './Export';
import { foundBy } from './parts';

const stream = z.object({ stream: z.string().check(z.minLength(1, 'audit.streamNeeded')) });
const certificate = z.object({ account: z.string().check(z.minLength(1, 'audit.accountNeeded')) });

/** Where auditors begin: a stream, a certificate of erasure, or all of something to take away (LOG-02, LOG-04, GDP-04). */
export function Page() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [address] = useSearchParams();
  return (
    <>
      <Heading>{t('audit.title')}</Heading>
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { lg: '1fr 1fr' }, alignItems: 'start', '& > *': { minWidth: 0 } }}>
        <Box sx={{ display: 'grid', gap: 2 }}>
          <Section title={t('audit.find')}>
            <Form
              schema={stream}
              values={{ stream: '' }}
              submit={t('audit.open')}
              send={async (typed) => {
                const streamId = typed.stream.trim();
                await foundBy('stream', t('audit.noStream'), api.GET('/api/v1/audit/streams/{streamId}', { params: { path: { streamId } } }));
                await navigate(`/audit/streams/${encodeURIComponent(streamId)}`);
              }}
            >
              <Field name="stream" label={t('audit.stream')} helperText={t('audit.streamHow')} autoComplete="off" />
            </Form>
          </Section>
          <Section title={t('audit.organization')}>
            <Typography sx={{ mb: 2 }}>{t('audit.organizationHow')}</Typography>
            <Button variant="contained" component={Link} to="/audit/organizations">
              {t('audit.organization')}
            </Button>
          </Section>
          <Section title={t('audit.certificate')}>
            <Form
              schema={certificate}
              values={{ account: '' }}
              submit={t('audit.show')}
              send={async (typed) => {
                const id = typed.account.trim();
                await foundBy('account', t('audit.noCertificate'), api.GET('/api/v1/audit/certificates/{id}', { params: { path: { id } } }));
                await navigate(`/audit/certificates/${encodeURIComponent(id)}`);
              }}
            >
              <Field name="account" label={t('audit.account')} helperText={t('audit.certificateHow')} autoComplete="off" />
            </Form>
          </Section>
        </Box>
        <Section title={t('audit.export')}>
          <Typography sx={{ mb: 2 }}>{t('audit.exportHow')}</Typography>
          <Export streams={address.getAll('streamId')} />
        </Section>
      </Box>
    </>
  );
}
