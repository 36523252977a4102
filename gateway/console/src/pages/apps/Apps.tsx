import { useTranslation } from 'react-i18next';
import { api, body } from '../../api/client';
import { Adding } from '../../app/Adding';
import { AppForm } from './AppForm';
import { AppList } from './AppList';

/** What organizations subscribe to (SUB-02). */
export function Page() {
  const { t } = useTranslation();
  return (
    <Adding
      title={t('apps.title')}
      add={t('apps.add')}
      of="apps"
      list={(add) => <AppList add={add} />}
      form={(done) => <AppForm submit={t('apps.add')} send={async (typed) => done((await body(api.POST('/api/v1/apps', { body: typed }))).id!)} />}
    />
  );
}
