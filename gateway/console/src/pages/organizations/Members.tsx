import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import * as z from 'zod/mini';
import { api, body, type Schema } from '../../api/client';
import { Confirm } from '../../app/Confirm';
import { Filter } from '../../app/DataList';
import { Form, Tick, Ticks } from '../../app/Form';
import { PartHeading } from '../../app/PartHeading';
import { nameOf, PeopleList } from '../../app/PeopleList';
import { SearchChoice, searchUsers } from '../../app/SearchChoice';
import { SidePanel } from '../../app/SidePanel';

type Member = Schema['MemberRow'];

const permissions = ['founder', 'member', 'user_registration', 'can_bulk_invite'] as const;

const schema = z.object({ userId: z.string().check(z.minLength(1, 'people.needed')), permissions: z.array(z.string()).check(z.minLength(1, 'organizations.permissionNeeded')) });

/** Who belongs to an organization, and what each may do there (SUB-01, ROL-01). */
export function Members({ id, mayChange, isAdmin }: { id: string; mayChange: boolean; isAdmin: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [act, setAct] = useState<{ what: 'add' } | { what: 'change' | 'remove'; on: Member }>();
  const changed = async () => {
    await queries.invalidateQueries({ queryKey: ['organizations', id] });
    setAct(undefined);
  };
  const nameOfPermission = (one: string) => t(`organizations.permission.${one}`, { defaultValue: one });
  const options = permissions.map((one) => [one, nameOfPermission(one)] as const);
  // Who is a founder, only a System admin changes.
  const changeable = options.filter(([one]) => isAdmin || one !== 'founder');
  const set = async (userId: string, given: string[], force: boolean) => {
    await api.PUT('/api/v1/organizations/{id}/permissions/{userId}', { params: { path: { id, userId } }, body: { permissions: given, force } });
    await changed();
  };
  return (
    <>
      <PartHeading about={t('organizations.membersHow')} beside={isAdmin && <Button variant="contained" onClick={() => setAct({ what: 'add' })}>{t('organizations.addMember')}</Button>}>
        {t('organizations.members')}
      </PartHeading>
      <PeopleList<Member>
        name={t('organizations.members')}
        add={isAdmin && t('organizations.addMember')}
        of={['organizations', id, 'members']}
        load={(query) => body(api.GET('/api/v1/organizations/{id}/members', { params: { path: { id }, query: query as never } }))}
        columns={[{ field: 'permissions', headerName: t('organizations.permissions'), flex: 1.5, minWidth: 180, sortable: false, valueFormatter: (of: string[]) => of.map(nameOfPermission).join(', ') }]}
        filterNames={['permission']}
        filters={(state) => <Filter state={state} name="permission" label={t('organizations.permissions')} options={options} />}
        actions={(on) =>
          mayChange
            ? [
                [t('organizations.changePermissions'), () => setAct({ what: 'change', on })],
                [t('organizations.removeMember'), () => setAct({ what: 'remove', on })],
              ]
            : []
        }
      />
      {act?.what === 'add' && (
        <SidePanel title={t('organizations.addMember')} close={() => setAct(undefined)}>
          <Form schema={schema} values={{ userId: '', permissions: ['member'] as string[] }} submit={t('organizations.addMember')} send={(typed) => set(typed.userId, typed.permissions, false)}>
            <SearchChoice name="userId" label={t('people.person')} helperText={t('people.searchHow')} search={searchUsers()} among={['users']} autoFocus />
            <Ticks name="permissions" label={t('organizations.permissions')} options={changeable} />
          </Form>
        </SidePanel>
      )}
      {act?.what === 'change' && (
        <SidePanel title={t('organizations.permissionsOf', { name: nameOf(act.on) })} close={() => setAct(undefined)}>
          <Form
            schema={schema}
            values={{ userId: act.on.userId!, permissions: act.on.permissions!, force: false }}
            submit={t('action.save')}
            send={(typed) => set(typed.userId, typed.permissions.concat(isAdmin ? [] : act.on.permissions!.filter((one) => one === 'founder')), typed.force)}
          >
            <Ticks name="permissions" label={t('organizations.permissions')} options={changeable} />
            {isAdmin && act.on.permissions!.includes('founder') && <Tick name="force" label={t('organizations.lastFounder')} />}
          </Form>
        </SidePanel>
      )}
      {act?.what === 'remove' && (
        <Confirm
          title={t('organizations.removeMember')}
          submit={t('organizations.removeMember')}
          close={() => setAct(undefined)}
          run={async () => {
            await api.DELETE('/api/v1/organizations/{id}/members/{userId}', { params: { path: { id, userId: act.on.userId! } } });
            await changed();
          }}
        >
          <Typography>{t('organizations.removeMemberHow', { name: nameOf(act.on) })}</Typography>
        </Confirm>
      )}
    </>
  );
}
