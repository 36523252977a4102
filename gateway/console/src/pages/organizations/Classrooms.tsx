import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import * as z from 'zod/mini';
import { api, body, type Schema } from '../../api/client';
import { Confirm } from '../../app/Confirm';
import { DataList, Filter } from '../../app/DataList';
import { Field, Form } from '../../app/Form';
import { useListState } from '../../app/list';
import { PartHeading } from '../../app/PartHeading';
import { RowMenu } from '../../app/RowMenu';
import { SidePanel } from '../../app/SidePanel';

type Classroom = Schema['ClassroomRow'];

const schema = z.object({ name: z.string().check(z.trim(), z.minLength(1, 'apps.roleNameRule'), z.maxLength(100, 'apps.roleNameRule')) });

/** A supplier's classrooms (SUB-01). */
export function Classrooms({ id, mayChange }: { id: string; mayChange: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const state = useListState(['closed'], 'name:asc');
  const classrooms = useQuery({
    queryKey: ['organizations', id, 'classrooms', state.query],
    queryFn: () => body(api.GET('/api/v1/organizations/{id}/classrooms', { params: { path: { id }, query: state.query as never } })),
    placeholderData: keepPreviousData,
  });
  const [act, setAct] = useState<{ what: 'add' } | { what: 'rename' | 'close'; on: Classroom }>();
  const changed = async () => {
    await queries.invalidateQueries({ queryKey: ['organizations', id] });
    setAct(undefined);
  };
  const send = async ({ name }: { name: string }) => {
    const path = { id };
    await (act?.what === 'rename'
      ? api.PATCH('/api/v1/organizations/{id}/classrooms/{classroomId}', { params: { path: { id, classroomId: act.on.id! } }, body: { name } })
      : api.POST('/api/v1/organizations/{id}/classrooms', { params: { path }, body: { name } }));
    await changed();
  };
  const columns: GridColDef<Classroom>[] = [
    { field: 'name', headerName: t('field.name'), flex: 1, minWidth: 150 },
    {
      field: 'actions', headerName: t('list.actions'), width: 90, sortable: false,
      renderCell: ({ row }) =>
        mayChange &&
        !row.isClosed && (
          <RowMenu
            of={row.name!}
            actions={[
              [t('suppliers.rename'), () => setAct({ what: 'rename', on: row })],
              [t('suppliers.close'), () => setAct({ what: 'close', on: row })],
            ]}
          />
        ),
    },
  ];
  return (
    <>
      <PartHeading beside={mayChange && <Button variant="contained" onClick={() => setAct({ what: 'add' })}>{t('suppliers.addClassroom')}</Button>}>{t('suppliers.classrooms')}</PartHeading>
      <DataList
        name={t('suppliers.classrooms')}
        add={mayChange && t('suppliers.addClassroom')}
        state={state}
        columns={columns}
        narrow={['name', 'actions']}
        rows={classrooms}
        filters={<Filter state={state} name="closed" label={t('field.status')} options={[['true', t('suppliers.closed')]]} />}
      />
      {(act?.what === 'add' || act?.what === 'rename') && (
        <SidePanel title={t(act.what === 'add' ? 'suppliers.addClassroom' : 'suppliers.rename')} close={() => setAct(undefined)}>
          <Form schema={schema} values={{ name: act.what === 'rename' ? act.on.name! : '' }} submit={t(act.what === 'add' ? 'suppliers.addClassroom' : 'action.save')} about={{ 'classroom-name-taken': 'name' }} send={send}>
            <Field name="name" label={t('field.name')} autoComplete="off" autoFocus />
          </Form>
        </SidePanel>
      )}
      {act?.what === 'close' && (
        <Confirm
          title={t('suppliers.close')}
          submit={t('suppliers.close')}
          close={() => setAct(undefined)}
          run={async () => {
            await api.DELETE('/api/v1/organizations/{id}/classrooms/{classroomId}', { params: { path: { id, classroomId: act.on.id! } } });
            await changed();
          }}
        >
          <Typography>{t('suppliers.closeHow', { name: act.on.name })}</Typography>
        </Confirm>
      )}
    </>
  );
}

/** A supplier's classrooms by name, the open ones and, for those who keep them, the closed. */
export function useClassrooms(id: string) {
  const of = async (closed: boolean) => (await body(api.GET('/api/v1/organizations/{id}/classrooms', { params: { path: { id }, query: { closed, pageSize: 200 } as never } }))).items;
  const { data } = useQuery({ queryKey: ['organizations', id, 'classrooms', 'all'], queryFn: async () => [...(await of(false)), ...(await of(true))] });
  return data ?? [];
}
