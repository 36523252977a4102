import { useTranslation } from 'react-i18next';
import { Adding } from '../../app/Adding';
import { AddSubscription } from './SubscriptionForm';
import { SubscriptionList } from './SubscriptionList';

/** Which organization may use which app, and with how many seats (SUB-02). */
export function Page() {
  const { t } = useTranslation();
  return (
    <Adding
      title={t('subscriptions.title')}
      add={t('subscriptions.add')}
      of="subscriptions"
      list={(add) => <SubscriptionList add={add} />}
      form={(done) => <AddSubscription done={done} />}
    />
  );
}
