import { useTranslation } from 'react-i18next';
import { api, body, type Schema } from '../../api/client';
import { aboutPerson, Appointed } from '../../app/appointments';
import { nameOf } from '../../app/PeopleList';
import { Roster } from '../../app/Roster';
import { SearchChoice, searchUsers } from '../../app/SearchChoice';

/** Who administers a service: the one way to the role Service admin (ROL-05). */
export function Administrators({ id, mayChange }: { id: string; mayChange: boolean }) {
  const { t } = useTranslation();
  return (
    <Roster<Schema['AppointmentRow'], { userId: string }>
      title={t('services.administrators')}
      about={t('services.administratorsHow')}
      add={t('services.addAdministrator')}
      mayChange={mayChange}
      among={['services']}
      list={(list) => (
        <Appointed
          {...list}
          of={['services', id, 'administrators']}
          load={(query) => body(api.GET('/api/v1/services/{id}/administrators', { params: { path: { id }, query: query as never } }))}
        />
      )}
      coming={{
        values: { userId: '' },
        fields: <SearchChoice name="userId" label={t('people.person')} helperText={t('services.addHow')} search={searchUsers()} among={['users']} autoFocus />,
        about: aboutPerson,
        send: ({ userId }) => api.PUT('/api/v1/services/{id}/administrators/{userId}', { params: { path: { id, userId } } }),
      }}
      going={{
        label: t('people.takeRole'),
        how: (one) => t('services.removeHow', { name: nameOf(one) }),
        send: (one) => api.DELETE('/api/v1/services/{id}/administrators/{userId}', { params: { path: { id, userId: one.userId! } } }),
      }}
    />
  );
}
