import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, versioned, type Schema } from '../../api/client';
import { Facts } from '../../app/Facts';
import { Choice, Field, Form, Tick } from '../../app/Form';
import { formatNumber } from '../../app/format';
import { Shown } from '../../app/Shown';
import { SidePanel } from '../../app/SidePanel';
import { listOf, numberOf } from '../../app/typed';

const channels = ['email', 'emailAndSms'] as const;
const inviters = ['founders', 'authorized', 'members'] as const;

/** What an organization chose for itself (SUB-01). */
export function Settings({ id, mayChange }: { id: string; mayChange: boolean }) {
  const { t } = useTranslation();
  const [isEditing, setEditing] = useState(false);
  const settings = useQuery({ queryKey: ['organizations', id, 'settings'], queryFn: () => versioned(api.GET('/api/v1/organizations/{id}/settings', { params: { path: { id } } })) });
  const yesNo = (value: boolean | undefined) => t(value ? 'value.yes' : 'value.no');
  return (
    <Shown of={settings}>
      {({ data: one, version }) => (
        <>
          <Facts
            of={[
              [t('settings.invitationValidForDays'), t('settings.days', { count: Number(one.invitationValidForDays) })],
              [t('settings.channels'), t(`settings.channel.${one.channels}`)],
              [t('settings.allowedDomains'), one.allowedDomains!.join(', ') || t('settings.allDomains')],
              [t('settings.hourlyInvitationLimit'), one.hourlyInvitationLimit === null ? t('settings.unlimited') : formatNumber(one.hourlyInvitationLimit!)],
              [t('settings.requiresApproval'), yesNo(one.requiresApproval)],
              [t('settings.whoMayInvite'), t(`settings.inviter.${one.whoMayInvite}`)],
              [t('settings.requiresValidatedIdentity'), yesNo(one.requiresValidatedIdentity)],
              [t('settings.oneTimePasswords'), yesNo(one.oneTimePasswords)],
              [t('settings.reminderDays'), one.reminderDays!.length === 0 ? t('value.never') : t('settings.daysBefore', { days: one.reminderDays!.join(', ') })],
              [t('settings.brandingName'), one.branding?.name],
              [t('settings.logoUrl'), one.branding?.logoUrl],
              [t('settings.color'), one.branding?.color],
              [t('settings.words'), one.branding?.words],
            ]}
          />
          {mayChange && <Button onClick={() => setEditing(true)}>{t('settings.change')}</Button>}
          {isEditing && (
            <SidePanel title={t('settings.change')} close={() => setEditing(false)}>
              <SettingsForm id={id} of={one} version={version} done={() => setEditing(false)} />
            </SidePanel>
          )}
        </>
      )}
    </Shown>
  );
}

type Values = ReturnType<typeof valuesOf>;

const valuesOf = (of: Schema['OrganizationSettings']) => ({
  invitationValidForDays: String(of.invitationValidForDays), channels: of.channels!, allowedDomains: of.allowedDomains!.join('\n'), hourlyInvitationLimit: String(of.hourlyInvitationLimit ?? ''),
  requiresApproval: of.requiresApproval!, whoMayInvite: of.whoMayInvite!, requiresValidatedIdentity: of.requiresValidatedIdentity!, oneTimePasswords: of.oneTimePasswords!,
  reminderDays: of.reminderDays!.join(', '),
  branding: { name: of.branding?.name ?? '', logoUrl: of.branding?.logoUrl ?? '', color: of.branding?.color ?? '', words: of.branding?.words ?? '' },
});

// As the API takes them.
const bodyOf = (typed: Values) => ({
  ...typed, invitationValidForDays: numberOf(typed.invitationValidForDays) ?? 0, hourlyInvitationLimit: numberOf(typed.hourlyInvitationLimit),
  allowedDomains: listOf(typed.allowedDomains), reminderDays: listOf(typed.reminderDays).map(Number),
  branding: Object.fromEntries(Object.entries(typed.branding).map(([name, value]) => [name, value.trim() || null])),
});

/** Sends what was changed alone; the others stay as somebody else may have set them. */
function SettingsForm({ id, of, version, done }: { id: string; of: Schema['OrganizationSettings']; version: string; done: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const before = valuesOf(of);
  return (
    <Form
      values={before}
      submit={t('action.save')}
      send={async (typed) => {
        const was = bodyOf(before) as Record<string, unknown>;
        const changed = Object.fromEntries(Object.entries(bodyOf(typed)).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(was[name])));
        await api.PATCH('/api/v1/organizations/{id}/settings', { params: { path: { id } }, headers: { 'If-Match': version }, body: changed as never });
        await queries.invalidateQueries({ queryKey: ['organizations', id] });
        done();
      }}
    >
      <Field name="invitationValidForDays" label={t('settings.invitationValidForDays')} type="number" helperText={t('settings.validHow')} input={{ min: 1, max: 730 }} autoFocus />
      <Field name="reminderDays" label={t('settings.reminderDays')} helperText={t('settings.reminderHow')} />
      <Choice name="channels" label={t('settings.channels')} options={channels.map((one) => [one, t(`settings.channel.${one}`)] as const)} />
      <Choice name="whoMayInvite" label={t('settings.whoMayInvite')} options={inviters.map((one) => [one, t(`settings.inviter.${one}`)] as const)} />
      <Field name="allowedDomains" label={t('settings.allowedDomains')} helperText={t('settings.domainsHow')} rows={2} />
      <Field name="hourlyInvitationLimit" label={t('settings.hourlyInvitationLimit')} type="number" helperText={t('settings.limitHow')} input={{ min: 1 }} />
      <Tick name="requiresApproval" label={t('settings.requiresApproval')} />
      <Tick name="requiresValidatedIdentity" label={t('settings.requiresValidatedIdentity')} />
      <Tick name="oneTimePasswords" label={t('settings.oneTimePasswords')} />
      <Typography variant="h3" sx={{ fontSize: '1rem', fontWeight: 600 }}>
        {t('settings.branding')}
      </Typography>
      <Field name="branding.name" label={t('settings.brandingName')} />
      <Field name="branding.logoUrl" label={t('settings.logoUrl')} type="url" helperText="https://…" />
      <Field name="branding.color" label={t('settings.color')} helperText={t('settings.colorHow')} />
      <Field name="branding.words" label={t('settings.words')} rows={2} />
    </Form>
  );
}
