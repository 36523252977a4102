import { useTranslation } from 'react-i18next';
import { Parts } from '../../app/Tabbed';

const addresses = { invitations: '/invitations', 'team-links': '/invitations/team-links' };

/** Invitations of one person each, and links that a team invites itself with. */
export function InvitationsParts({ at }: { at: keyof typeof addresses }) {
  const { t } = useTranslation();
  return (
    <Parts
      name={t('shell.invitations')}
      at={addresses[at]}
      of={[
        [addresses.invitations, t('invitations.people')],
        [addresses['team-links'], t('teamLinks.title')],
      ]}
    />
  );
}
