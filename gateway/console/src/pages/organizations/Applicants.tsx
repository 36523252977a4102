import { useTranslation } from 'react-i18next';
import { api, body, type Schema } from '../../api/client';
import { nameOf, PeopleList } from '../../app/PeopleList';
import { Roster } from '../../app/Roster';
import { SearchChoice, searchUsers } from '../../app/SearchChoice';

type Member = Schema['MemberRow'];

/** The Applicants who invite for a customer (ROL-06). */
export function Applicants({ id, mayChange }: { id: string; mayChange: boolean }) {
  const { t } = useTranslation();
  return (
    <Roster<Member, { userId: string }>
      title={t('organizations.applicants')}
      about={t('organizations.applicantsHow')}
      add={t('organizations.assign')}
      mayChange={mayChange}
      among={['organizations', id]}
      list={(list) => (
        <PeopleList<Member>
          {...list}
          of={['organizations', id, 'assignments']}
          load={(query) => body(api.GET('/api/v1/organizations/{id}/assignments', { params: { path: { id }, query: query as never } }))}
          columns={[]}
        />
      )}
      coming={{
        values: { userId: '' },
        fields: <SearchChoice name="userId" label={t('role.applicant')} helperText={t('organizations.assignHow')} search={searchUsers('applicant')} among={['users', 'applicant']} autoFocus />,
        about: { 'not-an-applicant': 'userId' },
        send: ({ userId }) => api.PUT('/api/v1/organizations/{id}/assignments/{userId}', { params: { path: { id, userId } } }),
      }}
      going={{
        label: t('organizations.unassign'),
        how: (one) => t('organizations.unassignHow', { name: nameOf(one) }),
        send: (one) => api.DELETE('/api/v1/organizations/{id}/assignments/{userId}', { params: { path: { id, userId: one.userId! } } }),
      }}
    />
  );
}
