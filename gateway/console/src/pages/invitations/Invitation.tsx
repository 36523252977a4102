import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api, body } from '../../api/client';
import { WhoApproves } from '../../app/Approval';
import { refusalOf } from '../../app/errors';
import { Facts } from '../../app/Facts';
import { formatInstant } from '../../app/format';
import { Logs } from '../../app/Logs';
import { useOrganizations } from '../../app/organizations';
import { Heading } from '../../app/Page';
import { Section } from '../../app/Section';
import { useMe } from '../../app/session';
import { NotShown } from '../../app/Shown';
import { Acting, actsOf, awaitsApproval, StatusOf, type Act } from './actions';
import { Offer } from './Offer';

/** An invitation: what it offers, what became of its message, and what happened. */
export function Page() {
  const { t } = useTranslation();
  const path = { id: useParams().id! };
  const me = useMe().data!;
  const organizations = useOrganizations();
  const invitation = useQuery({ queryKey: ['invitations', path.id], queryFn: () => body(api.GET('/api/v1/invitations/{id}', { params: { path } })) });
  const [what, setWhat] = useState<Act>();
  if (!invitation.data) return <NotShown of={invitation} />;

  const one = invitation.data;
  const yesNo = (value: boolean | null) => value !== null && t(value ? 'value.yes' : 'value.no');
  return (
    <>
      <Heading
        beside={
          <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
            {actsOf(one, me).map((act, n) => (
              <Button key={act} variant={n === 0 ? 'contained' : 'text'} onClick={() => setWhat(act)}>
                {t(`invitations.${act}`)}
              </Button>
            ))}
            {me.systemRole === 'systemAdmin' && (
              <Button component={Link} to={`/audit/streams/invitation-${path.id}`}>
                {t('audit.link')}
              </Button>
            )}
          </Box>
        }
      >{`${one.firstName} ${one.lastName}`}</Heading>
      {awaitsApproval(one) && <WhoApproves isOwn={one.sentBy.id === me.id} />}
      <Section title={t('users.details')}>
        <Facts
          of={[
            [t('field.status'), <StatusOf invitation={one} />],
            [t('field.approval'), one.approval && !awaitsApproval(one) && t(`approval.${one.approval.status}`)],
            [t('invitations.rejectedWhy'), one.approval?.reason],
            [t('invitations.refusedWhy'), one.refusal && refusalOf(one.refusal, t)],
            [t('invitations.declinedWhy'), one.declineReason],
            [t('field.delivery'), t(`delivery.${one.delivery.status ?? 'none'}`, { defaultValue: one.delivery.status })],
            [t('field.channel'), t(`channel.${one.delivery.channel}`, { defaultValue: one.delivery.channel })],
            [t('invitations.deliveryWhy'), one.delivery.error],
            [t('field.email'), one.email],
            [t('field.organization'), one.organization.name ?? organizations.find(({ id }) => id === one.organization.id)?.name],
            // Their names come with the seat, which nobody has asked for while an approval is awaited.
            [t('field.app'), one.app && (one.app.name ?? <Offer appId={one.app.id} role={one.role} />)],
            [t('field.role'), one.app?.name !== null && (one.roleName ?? one.role)],
            [t('field.language'), one.language && t(`value.${one.language}`)],
            [t('field.sentOn'), formatInstant(one.sentOn)],
            [t('field.sentBy'), one.sentBy.name],
            [t('registration.until'), one.expiresOn && formatInstant(one.expiresOn)],
            [t('field.swedishCitizen'), yesNo(one.swedishCitizen)],
            [t('field.euCitizen'), yesNo(one.euCitizen)],
            [t('field.personalNumber'), one.personalNumber],
            [t('field.lmaNumber'), one.lmaNumber],
            [t('field.phone'), one.phone],
            [t('field.gender'), one.gender],
          ]}
        />
      </Section>
      <Box sx={{ mt: 2 }}>
        <Section title={t('users.logs')}>
          <Logs of={['invitations', path.id]} load={(page) => body(api.GET('/api/v1/invitations/{id}/logs', { params: { path, query: { page, pageSize: 50 } as never } }))} />
        </Section>
      </Box>
      {what && <Acting what={what} on={one} close={() => setWhat(undefined)} />}
    </>
  );
}
