import Box from '@mui/material/Box';
import TextField from '@mui/material/TextField';
import { useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { Problem, type Schema } from '../../api/client';

/** An instant of a form, in the reader's time zone. */
export function Instant({ name, label }: { name: string; label: string }) {
  const { t } = useTranslation();
  const { register, formState } = useFormContext();
  const { ref, ...field } = register(name);
  const message = formState.errors[name]?.message;
  return (
    <TextField
      {...field}
      fullWidth
      type="datetime-local"
      label={label}
      error={message !== undefined}
      helperText={message && t(String(message))}
      inputRef={ref}
      slotProps={{ inputLabel: { shrink: true }, htmlInput: { step: 1 } }}
    />
  );
}

/** As the API takes an instant; nothing where nothing was typed. */
export const instantOf = (typed: string) => (typed === '' ? undefined : new Date(typed).toISOString());

/** An instant of the API as it is typed. */
export const typedOf = (instant: string) => {
  const at = new Date(instant);
  return Number.isNaN(at.getTime()) ? '' : new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
};

/** Those that have streams. */
export const services = ['identity', 'subscriptions', 'invitations', 'notifications'];

/** Text as it is, or a thing of the API in its own words. */
export function Source({ of, name }: { of: unknown; name: string }) {
  return (
    <Box
      component="pre"
      role="region"
      aria-label={name}
      tabIndex={0}
      sx={{ m: 0, p: 1.5, maxHeight: 480, overflow: 'auto', borderRadius: 1, bgcolor: 'action.hover', fontSize: '.85rem', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
    >
      {typeof of === 'string' ? of : JSON.stringify(of, null, 2)}
    </Box>
  );
}

/** What is another one: each field before and after. */
export function Changes({ of }: { of: readonly Schema['FieldChange'][] }) {
  return (
    <Box component="dl" sx={{ m: 0, overflowWrap: 'anywhere', '& dt': { color: 'text.secondary' }, '& dd': { m: 0, mb: 1 } }}>
      {of.map(({ field, before, after }) => (
        <div key={field}>
          <dt>{field}</dt>
          <dd>
            {before !== null && (
              <Box component="del" sx={{ color: 'error.main', mr: 1 }}>
                {before}
              </Box>
            )}
            {after !== null && (
              <Box component="ins" sx={{ color: 'success.dark', textDecoration: 'none', '.dark &': { color: 'success.light' } }}>
                {after}
              </Box>
            )}
          </dd>
        </div>
      ))}
    </Box>
  );
}

/** What was answered, or, where there is nothing of that name, why not, beside the field that it was typed in. */
export async function foundBy<T>(field: string, reason: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const problem = Problem.from(error);
    throw problem.status === 404 || problem.status === 400 ? new Problem(problem.status, problem.code, reason, { [field]: [reason] }) : error;
  }
}

/** Gives the reader a file. */
export function save(name: string, content: Blob) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
