import Typography from '@mui/material/Typography';
import type { ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../api/client';
import { Confirm } from './Confirm';
import { Filter } from './DataList';
import { refusalOf } from './errors';
import { Choice } from './Form';
import { formatInstant } from './format';
import { nameOf, PeopleList } from './PeopleList';
import { SearchChoice, searchMembers, searchUsers } from './SearchChoice';

type Appointment = Schema['AppointmentRow'];
type List = ComponentProps<typeof PeopleList<Appointment>>;

/** What can have become of a role: it is held, asked for, refused or over. */
const statuses = ['active', 'inactive', 'requested', 'refused', 'ended'] as const;

/** People in a role at an organization or a service (ROL-05, ROL-06): those who stand, unless another status is asked for. */
export function Appointed({ columns = [], narrow = [], filterNames = [], filters, ...list }: Partial<List> & Pick<List, 'name' | 'of' | 'load' | 'add' | 'actions'>) {
  const { t } = useTranslation();
  return (
    <PeopleList<Appointment>
      {...list}
      columns={[
        ...columns,
        {
          field: 'status', headerName: t('field.status'), flex: 1, minWidth: 120,
          renderCell: ({ row }) => (
            <span>
              {t(`people.status.${row.status}`)}
              {row.refusalDetail && (
                <Typography component="span" variant="body2" color="text.secondary" sx={{ display: 'block' }}>
                  {refusalOf({ code: row.refusalCode!, detail: row.refusalDetail }, t)}
                </Typography>
              )}
            </span>
          ),
        },
        { field: 'since', headerName: t('people.since'), minWidth: 160, valueFormatter: formatInstant },
      ]}
      narrow={['status', ...narrow]}
      filterNames={['status', ...filterNames]}
      filters={(state) => (
        <>
          <Filter state={state} name="status" label={t('field.status')} options={statuses.map((one) => [one, t(`people.status.${one}`)] as const)} />
          {filters?.(state)}
        </>
      )}
    />
  );
}

/** Who is to have a role at an organization: whom a System admin may choose is anybody, others choose among its members. */
export function PersonChoice({ id, isAdmin }: { id: string; isAdmin: boolean }) {
  const { t } = useTranslation();
  return (
    <SearchChoice
      name="userId"
      label={t('people.person')}
      helperText={t('people.rolesHow')}
      search={isAdmin ? searchUsers() : searchMembers(id)}
      among={isAdmin ? ['users'] : ['members', id]}
      autoFocus
    />
  );
}

/** Whether whoever has a role is active in it. */
export function StatusChoice() {
  const { t } = useTranslation();
  return <Choice name="status" label={t('field.status')} options={(['active', 'inactive'] as const).map((one) => [one, t(`people.status.${one}`)] as const)} />;
}

/** Takes a role at an organization from somebody, once that is confirmed. */
export function TakeRole({ from, role, close, run }: { from: Appointment; role: string; close: () => void; run: () => Promise<void> }) {
  const { t } = useTranslation();
  return (
    <Confirm title={t('people.takeRole')} submit={t('people.takeRole')} close={close} run={run}>
      <Typography>{t('people.takeRoleHow', { name: nameOf(from), role: t(`role.${role}`) })}</Typography>
    </Confirm>
  );
}

/** The rules of roles speak of the person: what they refuse is shown beside where that was chosen. */
export const aboutPerson = { 'role-conflict': 'userId', 'user-not-found': 'userId', 'not-found': 'userId' };
