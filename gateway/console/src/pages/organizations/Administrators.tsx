import { useTranslation } from 'react-i18next';
import { api, body, type Schema } from '../../api/client';
import { aboutPerson, Appointed, PersonChoice } from '../../app/appointments';
import { Choice } from '../../app/Form';
import { nameOf } from '../../app/PeopleList';
import { Roster } from '../../app/Roster';

/** Who administers an organization, as a supplier or as a customer (ROL-06). */
export function Administrators({ id, kinds, mayChange, isAdmin }: { id: string; kinds: readonly string[]; mayChange: boolean; isAdmin: boolean }) {
  const { t } = useTranslation();
  const roles = ['supplier', 'customer'].filter((kind) => kinds.includes(kind)).map((kind) => [`${kind}Admin`, t(`role.${kind}Admin`)] as const);
  return (
    <Roster<Schema['AppointmentRow'], { userId: string; role: string }>
      title={t('services.administrators')}
      about={t('suppliers.administratorsHow')}
      add={t('services.addAdministrator')}
      mayChange={mayChange}
      among={['organizations', id]}
      list={(list) => (
        <Appointed
          {...list}
          of={['organizations', id, 'administrators']}
          load={(query) => body(api.GET('/api/v1/organizations/{id}/administrators', { params: { path: { id }, query: query as never } }))}
          columns={[{ field: 'role', headerName: t('field.role'), flex: 1, minWidth: 130, sortable: false, valueFormatter: (role: string) => t(`role.${role}`) }]}
        />
      )}
      coming={{
        values: { userId: '', role: roles[0]![0] },
        fields: (
          <>
            <PersonChoice id={id} isAdmin={isAdmin} />
            <Choice name="role" label={t('field.role')} options={roles} />
          </>
        ),
        about: aboutPerson,
        send: ({ userId, role }) => api.PUT('/api/v1/organizations/{id}/administrators/{userId}', { params: { path: { id, userId } }, body: { role } }),
      }}
      going={{
        label: t('people.takeRole'),
        how: (one) => t('people.takeRoleHow', { name: nameOf(one), role: t(`role.${one.role}`) }),
        send: (one) => api.DELETE('/api/v1/organizations/{id}/administrators/{userId}', { params: { path: { id, userId: one.userId! }, query: { role: one.role } } }),
      }}
    />
  );
}
