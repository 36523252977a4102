import Autocomplete from '@mui/material/Autocomplete';
import TextField from '@mui/material/TextField';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Controller } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { api, body } from '../api/client';

export interface Found {
  id: string;
  label: string;
}

interface SearchChoiceProps {
  name: string;
  label: string;
  helperText?: string;
  autoFocus?: boolean;
  /** Finds what fits what was typed. */
  search: (typed: string) => Promise<Found[]>;
  /** What is found among, for what was found before. */
  among: readonly string[];
}

/** A choice of a form among too many to list: what is typed is searched for. Its value is the id of the chosen one. */
export function SearchChoice({ name, label, helperText, autoFocus, search, among }: SearchChoiceProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<Found | null>(null);
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState('');
  useEffect(() => {
    const pause = setTimeout(() => setAsked(typed.trim()), 250);
    return () => clearTimeout(pause);
  }, [typed]);
  const found = useQuery({ queryKey: ['found', ...among, asked], queryFn: () => search(asked) });
  // What fitted something else is not offered meanwhile.
  const isAsked = typed.trim() === asked;
  return (
    <Controller
      name={name}
      render={({ field: { ref, onChange, onBlur }, fieldState }) => (
        <Autocomplete
          disablePortal
          options={isAsked ? (found.data ?? []) : []}
          value={chosen}
          onChange={(_, one) => {
            setChosen(one);
            onChange(one?.id ?? '');
          }}
          onInputChange={(_, text, why) => (why === 'input' || why === 'clear') && setTyped(text)}
          filterOptions={(all) => all}
          getOptionKey={(one) => one.id}
          isOptionEqualToValue={(one, other) => one.id === other.id}
          loading={!isAsked || found.isFetching}
          loadingText={t('error.loading')}
          noOptionsText={t('list.noneFound')}
          openText={t('action.open')}
          closeText={t('action.close')}
          clearText={t('action.clearField')}
          renderInput={(params) => (
            <TextField
              {...params}
              name={name}
              label={label}
              autoFocus={autoFocus}
              inputRef={ref}
              onBlur={onBlur}
              error={fieldState.error !== undefined}
              helperText={fieldState.error?.message ? t(fieldState.error.message) : helperText}
            />
          )}
        />
      )}
    />
  );
}

const asPerson = (one: { firstName?: string | null; lastName?: string | null; email?: string | null }) => `${[one.firstName, one.lastName].filter(Boolean).join(' ')} (${one.email ?? '–'})`;

/** Finds users, perhaps only those with a role; for those who may see all. */
export const searchUsers = (role?: string) => async (search: string) =>
  (await body(api.GET('/api/v1/users', { params: { query: { search, role, pageSize: 20 } as never } }))).items.map((one) => ({ id: one.id!, label: asPerson(one) }));

/** Finds members of an organization. */
export const searchMembers = (id: string) => async (search: string) =>
  (await body(api.GET('/api/v1/organizations/{id}/members', { params: { path: { id }, query: { search, pageSize: 20 } as never } }))).items.map((one) => ({ id: one.userId!, label: asPerson(one) }));

/** Finds organizations. */
export const searchOrganizations = async (search: string) =>
  (await body(api.GET('/api/v1/organizations', { params: { query: { search, sort: 'name:asc', pageSize: 20 } as never } }))).items.map((one) => ({ id: one.id!, label: one.name! }));

/** Finds apps. */
export const searchApps = async (search: string) =>
  (await body(api.GET('/api/v1/apps', { params: { query: { search, sort: 'name:asc', pageSize: 20 } as never } }))).items.map((one) => ({ id: one.id!, label: one.name! }));
