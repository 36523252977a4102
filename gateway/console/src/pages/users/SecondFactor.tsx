import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '../../api/client';
import { Confirm } from '../../app/Confirm';
import { Facts } from '../../app/Facts';
import { NotShown } from '../../app/Shown';
import type { Person } from './actions';

/** Somebody's second factor, and help for who lost it: a code by e-mail, or the app taken off the account (USR-07). */
export function SecondFactor({ of }: { of: Person }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const params = { path: { id: of.id } };
  const factor = useQuery({ queryKey: ['users', of.id, 'two-factor'], queryFn: () => body(api.GET('/api/v1/users/{id}/two-factor', { params })) });
  const [act, setAct] = useState<'mailCode' | 'removeApp'>();
  if (!factor.data) return <NotShown of={factor} height={80} />;
  const { authenticator, emailCodes, recoveryCodesLeft } = factor.data;
  const isOn = (on: boolean) => t(on ? 'factor.isOn' : 'factor.isOff');
  const changed = () => queries.invalidateQueries({ queryKey: ['users', of.id] });
  return (
    <>
      <Facts
        of={[
          [t('factor.authenticator'), isOn(authenticator)],
          [t('factor.emailCode'), isOn(emailCodes)],
          [t('factor.recoveryCodes'), (authenticator || emailCodes) && t('factor.left', { count: Number(recoveryCodesLeft) })],
        ]}
      />
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
        {(authenticator || emailCodes) && <Button onClick={() => setAct('mailCode')}>{t('factor.mailCode')}</Button>}
        {authenticator && (
          <Button color="error" onClick={() => setAct('removeApp')}>
            {t('factor.removeApp')}
          </Button>
        )}
      </Box>
      {act === 'mailCode' && (
        <Confirm
          title={t('factor.mailCode')}
          submit={t('factor.mailCode')}
          close={() => setAct(undefined)}
          run={async () => {
            await api.POST('/api/v1/users/{id}/two-factor/email-code', { params });
            await changed();
          }}
          result={() => <Typography>{t('factor.mailCodeDone', { email: of.email })}</Typography>}
        >
          <Typography>{t('factor.mailCodeHow', { email: of.email })}</Typography>
        </Confirm>
      )}
      {act === 'removeApp' && (
        <Confirm
          title={t('factor.removeApp')}
          submit={t('factor.removeApp')}
          close={() => setAct(undefined)}
          run={async () => {
            await api.DELETE('/api/v1/users/{id}/two-factor/authenticator', { params });
            await changed();
          }}
        >
          <Typography>{t('factor.removeAppHow', { name: `${of.firstName} ${of.lastName}` })}</Typography>
        </Confirm>
      )}
    </>
  );
}
