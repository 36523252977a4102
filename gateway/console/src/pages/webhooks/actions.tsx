import Typography from '@mui/material/Typography';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, body, type Schema } from '../../api/client';
import { Confirm } from '../../app/Confirm';
import { ShownOnce } from '../../app/ShownOnce';
import { SidePanel } from '../../app/SidePanel';
import { EditWebhook } from './WebhookForm';

export type Webhook = Schema['WebhookRow'];
export type Act = 'edit' | 'pause' | 'resume' | 'rotate' | 'remove';

/** What can be done with a webhook as it stands. */
export const actsOf = (webhook: Webhook): readonly Act[] => ['edit', webhook.isPaused ? 'resume' : 'pause', 'rotate', 'remove'];

/** Does it, with a question or a form before. */
export function Acting({ what, on, close, removed }: { what: Act; on: Webhook; close: () => void; removed?: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const params = { path: { id: on.id! } };
  const changed = () => queries.invalidateQueries({ queryKey: ['webhooks'] });
  if (what === 'edit')
    return (
      <SidePanel title={t('webhooks.edit')} close={close}>
        <EditWebhook
          of={on}
          done={() => {
            close();
            void changed();
          }}
        />
      </SidePanel>
    );
  if (what === 'rotate')
    return (
      <Confirm
        title={t('webhooks.rotate')}
        submit={t('webhooks.rotate')}
        close={close}
        run={() => body(api.POST('/api/v1/webhooks/{id}/secret', { params }))}
        result={({ secret }) => <Secret of={secret} />}
      >
        <Typography>{t('webhooks.rotateHow')}</Typography>
      </Confirm>
    );
  return (
    <Confirm
      title={t(`webhooks.${what}`)}
      submit={t(`webhooks.${what}`)}
      close={close}
      run={async () => {
        if (what === 'remove') await api.DELETE('/api/v1/webhooks/{id}', { params });
        else await api.PATCH('/api/v1/webhooks/{id}', { params, body: { isPaused: what === 'pause' } as never });
        // Nobody asks again for what is gone while its page is left.
        if (what === 'remove' && removed) {
          await queries.invalidateQueries({ queryKey: ['webhooks'], refetchType: 'none' });
          removed();
        } else await changed();
      }}
    >
      <Typography sx={{ overflowWrap: 'anywhere' }}>{t(`webhooks.${what}How`, { url: on.url })}</Typography>
    </Confirm>
  );
}

/** What requests are signed with, shown once. */
export function Secret({ of }: { of: string }) {
  const { t } = useTranslation();
  return <ShownOnce how={t('webhooks.secretHow')} text={of} />;
}
