import Button from '@mui/material/Button';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import * as z from 'zod/mini';
import { api } from '../../api/client';
import { Form } from '../../app/Form';
import { PartHeading } from '../../app/PartHeading';
import { searchApps, SearchChoice } from '../../app/SearchChoice';
import { SidePanel } from '../../app/SidePanel';
import { AppList } from '../apps/AppList';

const schema = z.object({ appId: z.string().check(z.minLength(1, 'apps.needed')) });

/** The apps that an organization may subscribe to (SUB-02). */
export function EntitledApps({ id, mayChange }: { id: string; mayChange: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isAdding, setAdding] = useState(false);
  return (
    <>
      <PartHeading about={t('organizations.appsHow')} beside={mayChange && <Button variant="contained" onClick={() => setAdding(true)}>{t('organizations.entitle')}</Button>}>
        {t('organizations.apps')}
      </PartHeading>
      <AppList organizationId={id} add={mayChange && t('organizations.entitle')} />
      {isAdding && (
        <SidePanel title={t('organizations.entitle')} close={() => setAdding(false)}>
          <Form
            schema={schema}
            values={{ appId: '' }}
            submit={t('organizations.entitle')}
            send={async ({ appId }) => {
              await api.PUT('/api/v1/organizations/{id}/apps/{appId}', { params: { path: { id, appId } } });
              await queries.invalidateQueries({ queryKey: ['apps'] });
              setAdding(false);
            }}
          >
            <SearchChoice name="appId" label={t('field.app')} search={searchApps} among={['apps']} autoFocus />
          </Form>
        </SidePanel>
      )}
    </>
  );
}
