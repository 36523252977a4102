import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import FormControl from '@mui/material/FormControl';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormGroup from '@mui/material/FormGroup';
import FormHelperText from '@mui/material/FormHelperText';
import FormLabel from '@mui/material/FormLabel';
import InputLabel from '@mui/material/InputLabel';
import NativeSelect from '@mui/material/NativeSelect';
import OutlinedInput from '@mui/material/OutlinedInput';
import Stack from '@mui/material/Stack';
import { useId, type InputHTMLAttributes, type ReactNode, type RefObject } from 'react';
import { Controller, FormProvider, get, useForm, useFormContext, type DefaultValues, type FieldErrors, type FieldValues, type Path, type Resolver } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type * as z from 'zod/mini';
import { Problem } from '../api/client';
import { reasonOf } from './errors';
import { fieldReason } from './reasons';

/** Values checked by a schema; its messages are keys of texts. */
function checkedBy<T extends FieldValues>(schema: z.ZodMiniType<unknown, unknown>): Resolver<T> {
  return async (values) => {
    const result = await schema.safeParseAsync(values);
    if (result.success) return { values, errors: {} };
    const errors: Record<string, { type: string; message: string }> = {};
    for (const issue of result.error.issues) errors[issue.path.join('.')] ??= { type: issue.code ?? 'custom', message: issue.message };
    return { values: {}, errors: errors as FieldErrors<T> };
  };
}

export interface FormProps<T extends FieldValues> {
  schema?: z.ZodMiniType<unknown, unknown>;
  values: T;
  /** What is sent; a problem that it throws is shown beside the fields that it names, and above the button else. */
  send: (values: T) => Promise<void>;
  submit: string;
  /** Refusals that name no field by their codes, and the field that each is about. */
  about?: Record<string, string>;
  children: ReactNode;
  /** Beside the button. */
  beside?: ReactNode;
}

/** A form that says what is wrong beside each field, whoever found it: the browser or the API. */
export function Form<T extends FieldValues>({ schema, values, send, submit, about, children, beside }: FormProps<T>) {
  const { t } = useTranslation();
  const form = useForm<T>({ defaultValues: values as DefaultValues<T>, ...(schema && { resolver: checkedBy<T>(schema) }) });
  const { errors, isSubmitting } = form.formState;

  const onSubmit = form.handleSubmit(async (typed) => {
    try {
      await send(typed);
    } catch (error) {
      const problem = Problem.from(error);
      const only = about?.[problem.code];
      const places = [...document.querySelectorAll('[name]')].map((one) => one.getAttribute('name'));
      // What is within another thing of the request has a field of the same path here (roles[0].key: roles.0.key), or of its own name.
      const named = Object.entries(only ? { [only]: [reasonOf(problem, t)] } : problem.errors).map(([field, given]) => {
        const reasons = given.map(fieldReason);
        const path = field.replace(/\[(\d+)\]/g, '.$1');
        return [places.includes(path) ? path : path.split('.').at(-1)!, reasons] as const;
      });
      const shown = named.filter(([field]) => places.includes(field)).sort(([a], [b]) => places.indexOf(a) - places.indexOf(b));
      shown.forEach(([field, reasons], n) => form.setError(field as Path<T>, { message: reasons.join(' ') }, { shouldFocus: n === 0 }));
      const unseen = named.filter((one) => !shown.includes(one)).flatMap(([, reasons]) => reasons);
      if (named.length === 0 || unseen.length > 0) form.setError('root', { message: unseen.join(' ') || reasonOf(problem, t) });
    }
  });

  return (
    <FormProvider {...form}>
      <form onSubmit={onSubmit} noValidate>
        <Stack spacing={2}>
          {children}
          {errors.root?.message && <Alert severity="error">{errors.root.message}</Alert>}
          <Stack direction="row" spacing={2} useFlexGap sx={{ alignItems: 'center', flexWrap: 'wrap' }}>
            <Button type="submit" variant="contained" loading={isSubmitting}>
              {submit}
            </Button>
            {beside}
          </Stack>
        </Stack>
      </form>
    </FormProvider>
  );
}

interface FieldProps {
  name: string;
  label: string;
  helperText?: ReactNode;
  type?: string;
  autoComplete?: string;
  autoFocus?: boolean;
  /** Fixed: shown, sent by nobody. */
  value?: string;
  rows?: number;
  input?: InputHTMLAttributes<HTMLInputElement>;
  /** The element of a file, whose content the form's values don't have. */
  fileRef?: RefObject<HTMLInputElement | null>;
}

// Made of its parts: TextField brings menus along, which the first page has no use for.
function Framed({ name, label, helperText, shrink, children }: Pick<FieldProps, 'name' | 'label' | 'helperText'> & { shrink?: boolean; children: (id: string, about: string | undefined) => ReactNode }) {
  const { t } = useTranslation();
  const { formState } = useFormContext();
  const id = useId();
  const message = (get(formState.errors, name) as { message?: string } | undefined)?.message;
  const help = message ? t(String(message)) : helperText;
  return (
    <FormControl fullWidth error={message !== undefined}>
      <InputLabel htmlFor={id} shrink={shrink}>{label}</InputLabel>
      {children(id, help ? `${id}-help` : undefined)}
      {help && <FormHelperText id={`${id}-help`}>{help}</FormHelperText>}
    </FormControl>
  );
}

/** A text field of a {@link Form}. */
export function Field({ name, label, helperText, value, rows, input, fileRef, ...props }: FieldProps) {
  const { register } = useFormContext();
  const isShrunk = props.type === 'file' || props.type === 'date' || undefined;
  const { ref, ...field } = value === undefined ? register(name) : { ref: undefined, name: '', value, readOnly: true };
  return (
    <Framed name={name} label={label} helperText={helperText} shrink={isShrunk}>
      {(id, about) => (
        <OutlinedInput
          {...props}
          {...field}
          id={id}
          label={label}
          notched={isShrunk}
          inputRef={(element: HTMLInputElement | null) => {
            ref?.(element);
            if (fileRef) fileRef.current = element;
          }}
          multiline={rows !== undefined}
          minRows={rows}
          inputProps={{ ...input, ...(about && { 'aria-describedby': about }) }}
        />
      )}
    </Framed>
  );
}

/** A choice of a {@link Form}; the empty text is no choice. The browser's own, which every keyboard and telephone knows. */
export function Choice({ name, label, helperText, options, disabled }: FieldProps & { options: readonly (readonly [value: string, label: string])[]; disabled?: boolean }) {
  return (
    <Framed name={name} label={label} helperText={helperText} shrink>
      {(id, about) => (
        <Controller
          name={name}
          render={({ field: { ref, ...field } }) => (
            <NativeSelect {...field} disabled={disabled} input={<OutlinedInput label={label} notched />} inputRef={ref} inputProps={{ id, ...(about && { 'aria-describedby': about }) }}>
              {options.map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </NativeSelect>
          )}
        />
      )}
    </Framed>
  );
}

/** A yes or no of a {@link Form}. */
export function Tick({ name, label }: { name: string; label: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Controller
      name={name}
      render={({ field: { value, ref, ...field }, fieldState }) => (
        <FormControl error={fieldState.error !== undefined}>
          <FormControlLabel control={<Checkbox {...field} checked={Boolean(value)} slotProps={{ input: { ref } }} />} label={label} />
          {fieldState.error?.message && <FormHelperText>{t(fieldState.error.message)}</FormHelperText>}
        </FormControl>
      )}
    />
  );
}

/** Some of a few values, of a {@link Form}. */
export function Ticks({ name, label, helperText, options }: Pick<FieldProps, 'name' | 'label' | 'helperText'> & { options: readonly (readonly [value: string, label: string])[] }) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <Controller
      name={name}
      render={({ field: { value, ref, onChange, ...field }, fieldState }) => {
        const help = fieldState.error?.message ? t(fieldState.error.message) : helperText;
        return (
          <FormControl component="fieldset" error={fieldState.error !== undefined} aria-describedby={help ? `${id}-help` : undefined}>
            <FormLabel component="legend">{label}</FormLabel>
            <FormGroup>
              {options.map(([one, text], n) => (
                <FormControlLabel
                  key={one}
                  label={text}
                  control={
                    <Checkbox
                      {...field}
                      checked={(value as string[]).includes(one)}
                      onChange={(_, isTicked) => onChange(options.map(([other]) => other).filter((other) => (other === one ? isTicked : (value as string[]).includes(other))))}
                      slotProps={{ input: { ref: n === 0 ? ref : undefined } }}
                    />
                  }
                />
              ))}
            </FormGroup>
            {help && <FormHelperText id={`${id}-help`}>{help}</FormHelperText>}
          </FormControl>
        );
      }}
    />
  );
}
