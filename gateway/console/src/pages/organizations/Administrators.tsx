import Button from '@mui/material/Button';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, type Schema } from '../../api/client';
import { aboutPerson, Appointed, PersonChoice, TakeRole } from '../../app/appointments';
import { Choice, Form } from '../../app/Form';
import { PartHeading } from '../../app/PartHeading';
import { needed } from '../../app/people';
import { SidePanel } from '../../app/SidePanel';

type Appointment = Schema['AppointmentRow'];

/** Who administers an organization, as a supplier or as a customer (ROL-06). */
export function Administrators({ id, kinds, mayChange, isAdmin }: { id: string; kinds: readonly string[]; mayChange: boolean; isAdmin: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [act, setAct] = useState<Appointment | 'add'>();
  const roles = ['supplier', 'customer'].filter((kind) => kinds.includes(kind)).map((kind) => [`${kind}Admin`, t(`role.${kind}Admin`)] as const);
  const changed = async () => {
    await queries.invalidateQueries({ queryKey: ['organizations', id] });
    setAct(undefined);
  };
  return (
    <>
      <PartHeading about={t('suppliers.administratorsHow')} beside={mayChange && <Button variant="contained" onClick={() => setAct('add')}>{t('services.addAdministrator')}</Button>}>
        {t('services.administrators')}
      </PartHeading>
      <Appointed
        name={t('services.administrators')}
        add={mayChange && t('services.addAdministrator')}
        of={['organizations', id, 'administrators']}
        load={(query) => body(api.GET('/api/v1/organizations/{id}/administrators', { params: { path: { id }, query: query as never } }))}
        columns={[{ field: 'role', headerName: t('field.role'), flex: 1, minWidth: 130, sortable: false, valueFormatter: (role: string) => t(`role.${role}`) }]}
        actions={(on) => (mayChange ? [[t('people.takeRole'), () => setAct(on)]] : [])}
      />
      {act === 'add' && (
        <SidePanel title={t('services.addAdministrator')} close={() => setAct(undefined)}>
          <Form
            schema={needed}
            values={{ userId: '', role: roles[0]![0] }}
            submit={t('services.addAdministrator')}
            about={aboutPerson}
            send={async ({ userId, role }) => {
              await api.PUT('/api/v1/organizations/{id}/administrators/{userId}', { params: { path: { id, userId } }, body: { role } });
              await changed();
            }}
          >
            <PersonChoice id={id} isAdmin={isAdmin} />
            <Choice name="role" label={t('field.role')} options={roles} />
          </Form>
        </SidePanel>
      )}
      {act !== undefined && act !== 'add' && (
        <TakeRole
          from={act}
          role={act.role!}
          close={() => setAct(undefined)}
          run={async () => {
            await api.DELETE('/api/v1/organizations/{id}/administrators/{userId}', { params: { path: { id, userId: act.userId! }, query: { role: act.role } } });
            await changed();
          }}
        />
      )}
    </>
  );
}
