import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, type Schema } from '../../api/client';
import { aboutPerson, Appointed, PersonChoice, StatusChoice, TakeRole } from '../../app/appointments';
import { Form } from '../../app/Form';
import { PartHeading } from '../../app/PartHeading';
import { needed } from '../../app/people';
import { nameOf } from '../../app/PeopleList';
import { SidePanel } from '../../app/SidePanel';

type Mentor = Schema['AppointmentRow'];

/** A customer's mentors, each with a status there (ROL-06). */
export function Mentors({ id, mayChange, isAdmin }: { id: string; mayChange: boolean; isAdmin: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [act, setAct] = useState<{ what: 'add' } | { what: 'edit' | 'remove'; on: Mentor }>();
  const changed = async () => {
    await queries.invalidateQueries({ queryKey: ['organizations', id] });
    setAct(undefined);
  };
  return (
    <>
      <PartHeading beside={mayChange && <Button variant="contained" onClick={() => setAct({ what: 'add' })}>{t('suppliers.addMentor')}</Button>}>{t('suppliers.mentors')}</PartHeading>
      <Appointed
        name={t('suppliers.mentors')}
        add={mayChange && t('suppliers.addMentor')}
        of={['organizations', id, 'mentors']}
        load={(query) => body(api.GET('/api/v1/organizations/{id}/mentors', { params: { path: { id }, query: query as never } }))}
        actions={(on) =>
          mayChange
            ? [
                [t('suppliers.changeStatus'), () => setAct({ what: 'edit', on })],
                [t('people.takeRole'), () => setAct({ what: 'remove', on })],
              ]
            : []
        }
      />
      {act?.what === 'add' && (
        <SidePanel title={t('suppliers.addMentor')} close={() => setAct(undefined)}>
          <Form
            schema={needed}
            values={{ userId: '', status: 'active' }}
            submit={t('suppliers.addMentor')}
            about={aboutPerson}
            send={async ({ userId, ...typed }) => {
              await api.PUT('/api/v1/organizations/{id}/mentors/{userId}', { params: { path: { id, userId } }, body: typed });
              await changed();
            }}
          >
            <PersonChoice id={id} isAdmin={isAdmin} />
            <StatusChoice />
          </Form>
        </SidePanel>
      )}
      {act?.what === 'edit' && (
        <SidePanel title={t('suppliers.changeStatus')} close={() => setAct(undefined)}>
          <Typography sx={{ mb: 2 }}>{nameOf(act.on)}</Typography>
          <Form
            values={{ status: act.on.status! }}
            submit={t('action.save')}
            send={async (typed) => {
              await api.PATCH('/api/v1/organizations/{id}/mentors/{userId}', { params: { path: { id, userId: act.on.userId! } }, body: typed });
              await changed();
            }}
          >
            <StatusChoice />
          </Form>
        </SidePanel>
      )}
      {act?.what === 'remove' && (
        <TakeRole
          from={act.on}
          role="mentor"
          close={() => setAct(undefined)}
          run={async () => {
            await api.DELETE('/api/v1/organizations/{id}/mentors/{userId}', { params: { path: { id, userId: act.on.userId! } } });
            await changed();
          }}
        />
      )}
    </>
  );
}
