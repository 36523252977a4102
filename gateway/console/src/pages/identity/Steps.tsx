import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Step from '@mui/material/Step';
import StepLabel from '@mui/material/StepLabel';
import Stepper from '@mui/material/Stepper';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, type Schema } from '../../api/client';
import { Facts } from '../../app/Facts';
import { Field, Form } from '../../app/Form';
import { CitizenshipChoices, Names, Numbers, readYesNo, yesNo } from '../../app/person';
import { NotShown } from '../../app/Shown';

type Details = Schema['IdentityDetails'];

const steps = ['names', 'citizenship', 'confirm'] as const;

/** Whose identity it is: the reader's own, or of somebody whom they register. */
export interface Whose {
  id?: string;
  /** What the account says, to begin with. */
  known: { firstName?: string; lastName?: string; personalNumber?: string | null; lmaNumber?: string | null; gender?: string | null; swedishCitizen?: boolean | null; euCitizen?: boolean | null };
}

export const useIdentity = (id?: string) =>
  useQuery({
    queryKey: ['identity', id ?? 'own'],
    queryFn: () => body(id ? api.GET('/api/v1/users/{id}/identity', { params: { path: { id } } }) : api.GET('/api/v1/me/identity')),
  });

/** A digital identity, asked for step by step; each step is kept, so that one can go on another time (IDN-02). */
export function Steps({ of }: { of: Whose }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const identity = useIdentity(of.id);
  const [at, setAt] = useState(0);
  const [isChanging, setChanging] = useState(false);
  if (!identity.data) return <NotShown of={identity} />;
  const { status, reason, details } = identity.data;
  const isAsked = isChanging || status === 'missing' || status === 'draft' || status === 'returned';
  const how = (
    <Alert severity={status === 'validated' ? 'success' : status === 'returned' ? 'warning' : 'info'} sx={{ mb: 2 }}>
      {t(`identity.is.${status}`, { defaultValue: status })}
      {status === 'returned' && ` ${reason}`}
    </Alert>
  );
  if (!isAsked)
    return (
      <>
        {how}
        <IdentityFacts of={details} />
        <Button variant="outlined" onClick={() => setChanging(true)}>
          {t('identity.change')}
        </Button>
      </>
    );

  const isNew = status === 'missing';
  const known = isNew ? of.known : details;
  const values = {
    firstName: known.firstName ?? '', lastName: known.lastName ?? '', personalNumber: known.personalNumber ?? '', lmaNumber: known.lmaNumber ?? '', gender: known.gender ?? '',
    swedishCitizen: yesNo(known.swedishCitizen), euCitizen: yesNo(known.euCitizen),
  };
  const give = async (typed: typeof values, submit: boolean) => {
    const text = (value: string) => value.trim() || null;
    const request = {
      firstName: text(typed.firstName), lastName: text(typed.lastName), personalNumber: text(typed.personalNumber), lmaNumber: text(typed.lmaNumber), gender: text(typed.gender),
      swedishCitizen: readYesNo(typed.swedishCitizen), euCitizen: readYesNo(typed.euCitizen), submit,
    };
    const now = await body(of.id ? api.PUT('/api/v1/users/{id}/identity', { params: { path: { id: of.id } }, body: request }) : api.PUT('/api/v1/me/identity', { body: request }));
    // Whose it is, is said once.
    queries.setQueryData<typeof now>(['identity', of.id ?? 'own'], (before) => ({ ...now, person: before?.person ?? null }));
    void queries.invalidateQueries({ queryKey: ['identities'] });
  };
  return (
    <>
      {how}
      <Stepper activeStep={at} alternativeLabel sx={{ mb: 3 }}>
        {steps.map((step) => (
          <Step key={step}>
            <StepLabel>{t(`identity.step.${step}`)}</StepLabel>
          </Step>
        ))}
      </Stepper>
      <Form
        key={at}
        values={values}
        submit={at < 2 ? t('factor.next') : t(of.id ? 'identity.complete' : 'identity.submit')}
        send={async (typed) => {
          await give(typed, at === 2);
          if (at < 2) setAt(at + 1);
          else {
            setAt(0);
            setChanging(false);
          }
        }}
        beside={at > 0 && <Button onClick={() => setAt(at - 1)}>{t('action.back')}</Button>}
      >
        {at === 0 && (
          <>
            <Names />
            <Field name="gender" label={t('field.gender')} autoComplete="off" />
          </>
        )}
        {at === 1 && (
          <>
            <CitizenshipChoices />
            <Numbers />
          </>
        )}
        {at === 2 && <IdentityFacts of={details} />}
      </Form>
    </>
  );
}

export function IdentityFacts({ of }: { of: Details }) {
  const { t } = useTranslation();
  const yesOrNo = (value: boolean | null | undefined) => (value === true ? t('value.yes') : value === false ? t('value.no') : null);
  return (
    <Facts
      of={[
        [t('field.firstName'), of.firstName],
        [t('field.lastName'), of.lastName],
        [t('field.gender'), of.gender],
        [t('field.swedishCitizen'), yesOrNo(of.swedishCitizen)],
        [t('field.euCitizen'), yesOrNo(of.euCitizen)],
        [t('field.personalNumber'), of.personalNumber],
        [t('field.lmaNumber'), of.lmaNumber],
      ]}
    />
  );
}
