import { useTranslation } from 'react-i18next';
import { Parts } from '../../app/Tabbed';

const addresses = { users: '/users', register: '/users/register', 'removal-requests': '/users/removal-requests?status=pending' };

/** The directory, who is to come into it, and who wants to be out of it. */
export function UsersParts({ at }: { at: keyof typeof addresses }) {
  const { t } = useTranslation();
  return (
    <Parts
      name={t('shell.users')}
      at={addresses[at]}
      of={[
        [addresses.users, t('users.directory')],
        [addresses.register, t('register.tab')],
        [addresses['removal-requests'], t('removal.title')],
      ]}
    />
  );
}
