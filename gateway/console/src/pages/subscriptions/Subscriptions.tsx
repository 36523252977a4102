import Button from '@mui/material/Button';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Heading } from '../../app/Page';
import { useMe } from '../../app/session';
import { SidePanel } from '../../app/SidePanel';
import { AddSubscription } from './SubscriptionForm';
import { SubscriptionList } from './SubscriptionList';

/** Which organization may use which app, and with how many seats (SUB-02). */
export function Page() {
  const { t } = useTranslation();
  const isAdmin = useMe().data!.systemRole === 'systemAdmin';
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [isAdding, setAdding] = useState(false);
  return (
    <>
      <Heading beside={isAdmin && <Button variant="contained" onClick={() => setAdding(true)}>{t('subscriptions.add')}</Button>}>{t('subscriptions.title')}</Heading>
      <SubscriptionList add={isAdmin && t('subscriptions.add')} />
      {isAdding && (
        <SidePanel title={t('subscriptions.add')} close={() => setAdding(false)}>
          <AddSubscription
            done={(id) => {
              void queries.invalidateQueries({ queryKey: ['subscriptions'] });
              void navigate(`/subscriptions/${id}`);
            }}
          />
        </SidePanel>
      )}
    </>
  );
}
