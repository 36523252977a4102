import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { api, versioned } from '../../api/client';
import { Facts } from '../../app/Facts';
import { Heading } from '../../app/Page';
import { PartHeading } from '../../app/PartHeading';
import { Section } from '../../app/Section';
import { useMe } from '../../app/session';
import { Shown } from '../../app/Shown';
import { SidePanel } from '../../app/SidePanel';
import { SubscriptionList } from '../subscriptions/SubscriptionList';
import { AppForm } from './AppForm';

/** An app with its roles, and who subscribes to it (SUB-02). */
export function Page() {
  const { t } = useTranslation();
  const path = { id: useParams().id! };
  const isAdmin = useMe().data!.systemRole === 'systemAdmin';
  const queries = useQueryClient();
  const app = useQuery({ queryKey: ['apps', 'one', path.id], queryFn: () => versioned(api.GET('/api/v1/apps/{id}', { params: { path } })) });
  const [isEditing, setEditing] = useState(false);
  return (
    <Shown of={app}>
      {({ data: one, version }) => (
        <>
          <Heading beside={isAdmin && <Button variant="contained" onClick={() => setEditing(true)}>{t('action.edit')}</Button>}>{one.name!}</Heading>
          <Box sx={{ mb: 3 }}>
            <Section title={t('field.roles')}>
              <Facts of={one.roles!.map((role) => [role.key, role.name] as const)} />
            </Section>
          </Box>
          <PartHeading>{t('subscriptions.title')}</PartHeading>
          <SubscriptionList appId={path.id} />
          {isEditing && (
            <SidePanel title={t('apps.edit')} close={() => setEditing(false)}>
              <AppForm
                values={{ name: one.name!, roles: one.roles! }}
                kept={one.roles!.length}
                submit={t('action.save')}
                send={async (typed) => {
                  await api.PATCH('/api/v1/apps/{id}', { params: { path }, headers: { 'If-Match': version }, body: typed });
                  await queries.invalidateQueries({ queryKey: ['apps'] });
                  setEditing(false);
                }}
              />
            </SidePanel>
          )}
        </>
      )}
    </Shown>
  );
}
