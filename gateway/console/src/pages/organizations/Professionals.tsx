import Button from '@mui/material/Button';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, versioned, type Schema } from '../../api/client';
import { aboutPerson, Appointed, PersonChoice, StatusChoice, TakeRole } from '../../app/appointments';
import { Filter, TextFilter } from '../../app/DataList';
import { Field, Form, Ticks } from '../../app/Form';
import { formatLanguage } from '../../app/format';
import { Logs } from '../../app/Logs';
import { PartHeading } from '../../app/PartHeading';
import { needed } from '../../app/people';
import { nameOf } from '../../app/PeopleList';
import { Shown } from '../../app/Shown';
import { SidePanel } from '../../app/SidePanel';
import { useClassrooms } from './Classrooms';

type Professional = Schema['AppointmentRow'];
type Act = { what: 'add' } | { what: 'edit' | 'remove' | 'logs'; on: Professional };

/** A supplier's professionals, with what it keeps of each: a status, languages, classrooms and competences (ROL-06). */
export function Professionals({ id, mayChange, isAdmin, runs }: { id: string; mayChange: boolean; isAdmin: boolean; runs: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const classrooms = useClassrooms(id);
  const [act, setAct] = useState<Act>();
  const changed = async () => {
    await queries.invalidateQueries({ queryKey: ['organizations', id] });
    setAct(undefined);
  };
  const nameOfClassroom = (one: string) => classrooms.find((other) => other.id === one)?.name ?? '…';
  return (
    <>
      <PartHeading beside={mayChange && <Button variant="contained" onClick={() => setAct({ what: 'add' })}>{t('suppliers.addProfessional')}</Button>}>{t('suppliers.professionals')}</PartHeading>
      <Appointed
        name={t('suppliers.professionals')}
        add={mayChange && t('suppliers.addProfessional')}
        of={['organizations', id, 'professionals']}
        load={(query) => body(api.GET('/api/v1/organizations/{id}/professionals', { params: { path: { id }, query: query as never } }))}
        columns={[
          { field: 'languages', headerName: t('field.languages'), flex: 1, minWidth: 120, sortable: false, valueFormatter: (of: string[]) => of.map(formatLanguage).join(', ') },
          { field: 'classroomIds', headerName: t('suppliers.classrooms'), flex: 1, minWidth: 120, sortable: false, valueFormatter: (of: string[]) => of.map(nameOfClassroom).join(', ') },
          { field: 'competences', headerName: t('field.competences'), flex: 1, minWidth: 130, sortable: false, valueFormatter: (of: string[]) => of.join(', ') },
        ]}
        filterNames={['classroomId', 'language', 'competence']}
        filters={(state) => (
          <>
            <Filter state={state} name="classroomId" label={t('suppliers.classroom')} options={classrooms.map((one) => [one.id!, one.name!] as const)} />
            <TextFilter state={state} name="language" label={t('suppliers.languageCode')} />
            <TextFilter state={state} name="competence" label={t('suppliers.competence')} />
          </>
        )}
        actions={(on) => [
          ...(mayChange ? [[t('suppliers.editRecord'), () => setAct({ what: 'edit', on })] as const, [t('people.takeRole'), () => setAct({ what: 'remove', on })] as const] : []),
          ...(runs ? [[t('users.logs'), () => setAct({ what: 'logs', on })] as const] : []),
        ]}
      />
      {act?.what === 'add' && (
        <SidePanel title={t('suppliers.addProfessional')} close={() => setAct(undefined)}>
          <Form
            schema={needed}
            values={{ userId: '', ...valuesOf() }}
            submit={t('suppliers.addProfessional')}
            about={aboutPerson}
            send={async ({ userId, ...typed }) => {
              await api.PUT('/api/v1/organizations/{id}/professionals/{userId}', { params: { path: { id, userId } }, body: bodyOf(typed) });
              await changed();
            }}
          >
            <PersonChoice id={id} isAdmin={isAdmin} />
            <Record id={id} keeps={[]} />
          </Form>
        </SidePanel>
      )}
      {act?.what === 'edit' && (
        <SidePanel title={t('suppliers.recordOf', { name: nameOf(act.on) })} close={() => setAct(undefined)}>
          <Edit id={id} userId={act.on.userId!} done={changed} />
        </SidePanel>
      )}
      {act?.what === 'logs' && (
        <SidePanel title={t('suppliers.logsOf', { name: nameOf(act.on) })} close={() => setAct(undefined)}>
          <Logs
            of={['organizations', id, 'professionals', act.on.userId]}
            load={(page) => body(api.GET('/api/v1/organizations/{id}/professionals/{userId}/logs', { params: { path: { id, userId: act.on.userId! }, query: { page, pageSize: 50 } as never } }))}
          />
        </SidePanel>
      )}
      {act?.what === 'remove' && (
        <TakeRole
          from={act.on}
          role="professional"
          close={() => setAct(undefined)}
          run={async () => {
            await api.DELETE('/api/v1/organizations/{id}/professionals/{userId}', { params: { path: { id, userId: act.on.userId! } } });
            await changed();
          }}
        />
      )}
    </>
  );
}

const valuesOf = (of?: Professional) => ({
  status: of?.status ?? 'active', languages: of?.languages?.join(', ') ?? '', classroomIds: of?.classroomIds ?? [], competences: of?.competences?.join(', ') ?? '',
});

const listOf = (text: string) => text.split(/[,;\n]/).map((one) => one.trim()).filter((one) => one !== '');

const bodyOf = ({ languages, competences, ...typed }: ReturnType<typeof valuesOf>) => ({ ...typed, languages: listOf(languages), competences: listOf(competences) });

function Edit({ id, userId, done }: { id: string; userId: string; done: () => Promise<void> }) {
  const { t } = useTranslation();
  const path = { id, userId };
  const one = useQuery({ queryKey: ['organizations', id, 'professionals', userId], queryFn: () => versioned(api.GET('/api/v1/organizations/{id}/professionals/{userId}', { params: { path } })), staleTime: 0 });
  return (
    <Shown of={one}>
      {({ data, version }) => (
        <Form
          values={valuesOf(data)}
          submit={t('action.save')}
          send={async (typed) => {
            await api.PATCH('/api/v1/organizations/{id}/professionals/{userId}', { params: { path }, headers: { 'If-Match': version }, body: bodyOf(typed) });
            await done();
          }}
        >
          <Record id={id} keeps={data.classroomIds ?? []} />
        </Form>
      )}
    </Shown>
  );
}

function Record({ id, keeps }: { id: string; keeps: readonly string[] }) {
  const { t } = useTranslation();
  // A closed one stays with who has it, and is given to nobody any more.
  const classrooms = useClassrooms(id).filter((one) => !one.isClosed || keeps.includes(one.id!));
  return (
    <>
      <StatusChoice />
      <Field name="languages" label={t('field.languages')} helperText={t('suppliers.languagesHow')} autoComplete="off" />
      {classrooms.length > 0 && <Ticks name="classroomIds" label={t('suppliers.classrooms')} options={classrooms.map((one) => [one.id!, one.name!] as const)} />}
      <Field name="competences" label={t('field.competences')} helperText={t('suppliers.competencesHow')} autoComplete="off" />
    </>
  );
}
