import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, type Schema } from '../../api/client';
import { aboutPerson, Appointed } from '../../app/appointments';
import { Confirm } from '../../app/Confirm';
import { Form } from '../../app/Form';
import { PartHeading } from '../../app/PartHeading';
import { needed } from '../../app/people';
import { nameOf } from '../../app/PeopleList';
import { SearchChoice, searchUsers } from '../../app/SearchChoice';
import { SidePanel } from '../../app/SidePanel';

type Appointment = Schema['AppointmentRow'];

/** Who administers a service: the one way to the role Service admin (ROL-05). */
export function Administrators({ id, mayChange }: { id: string; mayChange: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [act, setAct] = useState<Appointment | 'add'>();
  const changed = async () => {
    await queries.invalidateQueries({ queryKey: ['services'] });
    setAct(undefined);
  };
  return (
    <>
      <PartHeading about={t('services.administratorsHow')} beside={mayChange && <Button variant="contained" onClick={() => setAct('add')}>{t('services.addAdministrator')}</Button>}>
        {t('services.administrators')}
      </PartHeading>
      <Appointed
        name={t('services.administrators')}
        add={mayChange && t('services.addAdministrator')}
        of={['services', id, 'administrators']}
        load={(query) => body(api.GET('/api/v1/services/{id}/administrators', { params: { path: { id }, query: query as never } }))}
        actions={(on) => (mayChange ? [[t('people.takeRole'), () => setAct(on)]] : [])}
      />
      {act === 'add' && (
        <SidePanel title={t('services.addAdministrator')} close={() => setAct(undefined)}>
          <Form
            schema={needed}
            values={{ userId: '' }}
            submit={t('services.addAdministrator')}
            about={aboutPerson}
            send={async ({ userId }) => {
              await api.PUT('/api/v1/services/{id}/administrators/{userId}', { params: { path: { id, userId } } });
              await changed();
            }}
          >
            <SearchChoice name="userId" label={t('people.person')} helperText={t('services.addHow')} search={searchUsers()} among={['users']} autoFocus />
          </Form>
        </SidePanel>
      )}
      {act !== undefined && act !== 'add' && (
        <Confirm
          title={t('people.takeRole')}
          submit={t('people.takeRole')}
          close={() => setAct(undefined)}
          run={async () => {
            await api.DELETE('/api/v1/services/{id}/administrators/{userId}', { params: { path: { id, userId: act.userId! } } });
            await changed();
          }}
        >
          <Typography>{t('services.removeHow', { name: nameOf(act) })}</Typography>
        </Confirm>
      )}
    </>
  );
}
