import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api, body, type Schema } from '../../api/client';
import { Facts } from '../../app/Facts';
import { Choice, Form } from '../../app/Form';
import { Logs } from '../../app/Logs';
import { useOrganizations } from '../../app/organizations';
import { Heading } from '../../app/Page';
import { PersonFacts } from '../../app/PersonFacts';
import { RoleBadge } from '../../app/RoleBadge';
import { settableRoles } from '../../app/roles';
import { Section } from '../../app/Section';
import { useMe } from '../../app/session';
import { NotShown } from '../../app/Shown';
import { SidePanel } from '../../app/SidePanel';
import { Anonymize, ResetPassword, type Person } from './actions';
import { SecondFactor } from './SecondFactor';
import { SendInvitations } from './SendInvitations';
import { EditUser } from './UserForm';

type Profile = Schema['UserProfile'];

/** A user: details, roles with what belongs to each, and what happened (USR-04, LOG-01). */
export function Page() {
  const { t } = useTranslation();
  const id = useParams().id!;
  const path = { id };
  const me = useMe().data!;
  const queries = useQueryClient();
  const user = useQuery({ queryKey: ['users', id], queryFn: () => body(api.GET('/api/v1/users/{id}', { params: { path } })) });
  const [act, setAct] = useState<'edit' | 'reset' | 'invite' | 'anonymize'>();
  const changed = () => {
    setAct(undefined);
    void queries.invalidateQueries({ queryKey: ['users'] });
  };
  if (!user.data) return <NotShown of={user} />;

  const one = user.data;
  const isOther = one.id !== me.id;
  const audit = (
    <Button component={Link} to={`/audit/streams/user-${one.id}`}>
      {t('audit.link')}
    </Button>
  );
  return (
    <>
      <Heading
        beside={
          isOther ? (
            <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
              <Button variant="contained" onClick={() => setAct('edit')}>
                {t('action.edit')}
              </Button>
              <Button onClick={() => setAct('reset')}>{t('users.reset')}</Button>
              <Button onClick={() => setAct('invite')}>{t('users.invite')}</Button>
              <Button component={Link} to={`/users/${one.id}/identity`}>
                {t('identity.register')}
              </Button>
              <Button color="error" onClick={() => setAct('anonymize')}>
                {t('users.anonymize')}
              </Button>
              {audit}
            </Box>
          ) : (
            audit
          )
        }
      >{`${one.firstName} ${one.lastName}`}</Heading>
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { lg: '1fr 1fr' }, alignItems: 'start', '& > *': { minWidth: 0 } }}>
        <Section title={t('users.details')}>
          <PersonFacts of={one} />
          <Facts of={[[t('field.invitationStatus'), [t(`invitationStatus.${one.invitationStatus}`), one.invitationError].filter(Boolean).join(': ')]]} />
          {one.mustChangePassword && <Alert severity="info">{t('users.mustChange')}</Alert>}
        </Section>
        <Box sx={{ display: 'grid', gap: 2 }}>
          <Section title={t('field.roles')}>
            <Roles of={one} isOther={isOther} changed={changed} />
          </Section>
          {isOther && (
            <Section title={t('factor.ofUser')}>
              <SecondFactor of={one as Person} />
            </Section>
          )}
        </Box>
      </Box>
      <Box sx={{ mt: 2 }}>
        <Section title={t('users.logs')}>
          <Logs of={['users', id]} load={(page) => body(api.GET('/api/v1/users/{id}/logs', { params: { path, query: { page, pageSize: 50 } as never } }))} />
        </Section>
      </Box>
      {act === 'edit' && (
        <SidePanel title={t('users.edit')} close={() => setAct(undefined)}>
          <EditUser user={one} done={changed} />
        </SidePanel>
      )}
      {act === 'reset' && <ResetPassword of={one as Person} close={changed} />}
      {act === 'anonymize' && <Anonymize of={one as Person} close={() => setAct(undefined)} />}
      {act === 'invite' && <SendInvitations to={{ userIds: [one.id!], filter: null, count: 1 }} close={changed} />}
    </>
  );
}

/** Each role with where it is held, and the system role to change (ROL-03). */
function Roles({ of, isOther, changed }: { of: Profile; isOther: boolean; changed: () => void }) {
  const { t } = useTranslation();
  const organizations = useOrganizations();
  const nameOf = (id: string) => organizations.find((one) => one.id === id)?.name ?? id;
  const held = [
    ...(of.roles ?? []).map((one) => ({ role: one.role, where: nameOf(one.holderId), isOpen: true })),
    ...(of.appRoles ?? []).map((one) => ({ role: one.role, where: nameOf(one.organizationId), isOpen: one.isOpen })),
  ];
  const settable = settableRoles(t);
  return (
    <>
      <Box component="ul" sx={{ listStyle: 'none', m: 0, mb: 2, p: 0 }}>
        <li>
          <RoleBadge role={of.systemRole!} />
        </li>
        {held.map(({ role, where, isOpen }) => (
          <li key={`${role} ${where}`}>
            <RoleBadge role={role} /> {where}
            {!isOpen && ` · ${t('users.closed')}`}
          </li>
        ))}
      </Box>
      {isOther && settable.some(([role]) => role === of.systemRole) && (
        <Form
          key={of.systemRole}
          values={{ role: of.systemRole! }}
          submit={t('users.setRole')}
          send={async ({ role }) => {
            await api.PUT('/api/v1/users/{id}/system-role', { params: { path: { id: of.id! } }, body: { role: role as never } });
            changed();
          }}
        >
          <Choice name="role" label={t('field.systemRole')} options={settable} />
        </Form>
      )}
    </>
  );
}
