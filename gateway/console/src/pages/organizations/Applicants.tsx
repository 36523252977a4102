import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, type Schema } from '../../api/client';
import { Confirm } from '../../app/Confirm';
import { Form } from '../../app/Form';
import { PartHeading } from '../../app/PartHeading';
import { needed } from '../../app/people';
import { nameOf, PeopleList } from '../../app/PeopleList';
import { SearchChoice, searchUsers } from '../../app/SearchChoice';
import { SidePanel } from '../../app/SidePanel';

type Member = Schema['MemberRow'];

/** The Applicants who invite for a customer (ROL-06). */
export function Applicants({ id, mayChange }: { id: string; mayChange: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [act, setAct] = useState<Member | 'assign'>();
  const changed = async () => {
    await queries.invalidateQueries({ queryKey: ['organizations', id] });
    setAct(undefined);
  };
  return (
    <>
      <PartHeading about={t('organizations.applicantsHow')} beside={mayChange && <Button variant="contained" onClick={() => setAct('assign')}>{t('organizations.assign')}</Button>}>
        {t('organizations.applicants')}
      </PartHeading>
      <PeopleList<Member>
        name={t('organizations.applicants')}
        add={mayChange && t('organizations.assign')}
        of={['organizations', id, 'assignments']}
        load={(query) => body(api.GET('/api/v1/organizations/{id}/assignments', { params: { path: { id }, query: query as never } }))}
        columns={[]}
        actions={(on) => (mayChange ? [[t('organizations.unassign'), () => setAct(on)]] : [])}
      />
      {act === 'assign' && (
        <SidePanel title={t('organizations.assign')} close={() => setAct(undefined)}>
          <Form
            schema={needed}
            values={{ userId: '' }}
            submit={t('organizations.assign')}
            about={{ 'not-an-applicant': 'userId' }}
            send={async ({ userId }) => {
              await api.PUT('/api/v1/organizations/{id}/assignments/{userId}', { params: { path: { id, userId } } });
              await changed();
            }}
          >
            <SearchChoice name="userId" label={t('role.applicant')} helperText={t('organizations.assignHow')} search={searchUsers('applicant')} among={['users', 'applicant']} autoFocus />
          </Form>
        </SidePanel>
      )}
      {act !== undefined && act !== 'assign' && (
        <Confirm
          title={t('organizations.unassign')}
          submit={t('organizations.unassign')}
          close={() => setAct(undefined)}
          run={async () => {
            await api.DELETE('/api/v1/organizations/{id}/assignments/{userId}', { params: { path: { id, userId: act.userId! } } });
            await changed();
          }}
        >
          <Typography>{t('organizations.unassignHow', { name: nameOf(act) })}</Typography>
        </Confirm>
      )}
    </>
  );
}
