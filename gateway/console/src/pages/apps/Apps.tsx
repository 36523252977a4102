import Button from '@mui/material/Button';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '../../api/client';
import { Heading } from '../../app/Page';
import { useMe } from '../../app/session';
import { SidePanel } from '../../app/SidePanel';
import { AppForm } from './AppForm';
import { AppList } from './AppList';

/** What organizations subscribe to (SUB-02). */
export function Page() {
  const { t } = useTranslation();
  const isAdmin = useMe().data!.systemRole === 'systemAdmin';
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [isAdding, setAdding] = useState(false);
  return (
    <>
      <Heading beside={isAdmin && <Button variant="contained" onClick={() => setAdding(true)}>{t('apps.add')}</Button>}>{t('apps.title')}</Heading>
      <AppList add={isAdmin && t('apps.add')} />
      {isAdding && (
        <SidePanel title={t('apps.add')} close={() => setAdding(false)}>
          <AppForm
            submit={t('apps.add')}
            send={async (typed) => {
              const { data } = await api.POST('/api/v1/apps', { body: typed });
              void queries.invalidateQueries({ queryKey: ['apps'] });
              void navigate(`/apps/${data!.id}`);
            }}
          />
        </SidePanel>
      )}
    </>
  );
}
