import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { api, body, Problem, type Schema } from '../../api/client';
import { Choice, Field, Form } from '../../app/Form';
import { Changes, foundBy, Instant, instantOf } from './parts';

type Change = Schema['FieldChange'];

/** What is different between two versions, or between two instants (LOG-07). */
export function Differences({ streamId, versions }: { streamId: string; versions: number }) {
  const { t } = useTranslation();
  const path = { streamId };
  const [found, setFound] = useState<readonly Change[]>();
  const state = (version: number) => body(api.GET('/api/v1/audit/streams/{streamId}', { params: { path, query: { version } } }));
  return (
    <>
      <Form
        values={{ by: versions > 1 ? 'versions' : 'instants', fromVersion: String(Math.max(1, versions - 1)), toVersion: String(versions), from: '', to: '' }}
        submit={t('audit.compare')}
        send={async ({ by, fromVersion, toVersion, from, to }) => {
          setFound(undefined);
          if (by === 'instants') {
            const query = { from: needed(instantOf(from), 'from', t('audit.instantNeeded')), to: instantOf(to) };
            setFound((await foundBy('to', t('audit.notYet'), body(api.GET('/api/v1/audit/streams/{streamId}/changes', { params: { path, query } })))).changes);
            return;
          }
          const [first, second] = [Number(fromVersion), Number(toVersion)];
          const areVersions = Number.isInteger(first) && Number.isInteger(second) && first >= 1 && first < second && second <= versions;
          needed(areVersions || undefined, first >= 1 && first < versions ? 'toVersion' : 'fromVersion', t('audit.versionsHow', { versions }));
          // By their states: events of one commit have one instant.
          const [before, after] = await Promise.all([state(first), state(second)]);
          setFound(changesOf(before.state, after.state));
        }}
      >
        <Choice
          name="by"
          label={t('audit.between')}
          options={[
            ['versions', t('audit.versions')],
            ['instants', t('audit.instants')],
          ]}
        />
        <Ends versions={versions} />
      </Form>
      <Box role="status" sx={{ mt: 2 }}>
        {found?.length === 0 && <Typography>{t('audit.same')}</Typography>}
        {found && found.length > 0 && <Changes of={found} />}
      </Box>
    </>
  );
}

function Ends({ versions }: { versions: number }) {
  const { t } = useTranslation();
  const by = useFormContext<{ by: string }>().watch('by');
  const input = { min: 1, max: versions };
  return by === 'versions' ? (
    <>
      <Field name="fromVersion" label={t('audit.fromVersion')} type="number" input={input} />
      <Field name="toVersion" label={t('audit.toVersion')} type="number" input={input} />
    </>
  ) : (
    <>
      <Instant name="from" label={t('audit.from')} />
      <Instant name="to" label={t('audit.toNow')} />
    </>
  );
}

function needed<T>(value: T | undefined, field: string, reason: string): T {
  if (value === undefined) throw new Problem(422, 'validation-failed', reason, { [field]: [reason] });
  return value;
}

function changesOf(before: unknown, after: unknown): Change[] {
  const [then, now] = [new Map(leavesOf(before)), new Map(leavesOf(after))];
  return [...new Set([...then.keys(), ...now.keys()])]
    .sort()
    .map((field) => ({ field, before: then.get(field) ?? null, after: now.get(field) ?? null }))
    .filter((one) => one.before !== one.after);
}

// As the API compares instants: what is in a list is known by its id, or by itself.
function leavesOf(node: unknown, path = ''): [field: string, value: string][] {
  if (node === null || node === undefined) return [];
  if (Array.isArray(node)) return node.flatMap((one: unknown, n) => leavesOf(one, `${path}[${typeof one === 'object' ? ((one as { id?: string } | null)?.id ?? n) : String(one)}]`));
  if (typeof node === 'object') return Object.entries(node).flatMap(([name, value]) => leavesOf(value, path ? `${path}.${name}` : name));
  return [[path, String(node)]];
}
