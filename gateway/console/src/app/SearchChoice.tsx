import Autocomplete from '@mui/material/Autocomplete';
import TextField from '@mui/material/TextField';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, type FocusEventHandler, type Ref } from 'react';
import { Controller } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { api, body } from '../api/client';
import type { ListState } from './list';

export interface Found {
  id: string;
  label: string;
}

interface Searched {
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
export function SearchChoice({ helperText, ...searched }: Searched) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<Found | null>(null);
  return (
    <Controller
      name={searched.name}
      render={({ field: { ref, onChange, onBlur }, fieldState }) => (
        <Searching
          {...searched}
          chosen={chosen}
          choose={(one) => {
            setChosen(one);
            onChange(one?.id ?? '');
          }}
          inputRef={ref}
          onBlur={onBlur}
          error={fieldState.error !== undefined}
          helperText={fieldState.error?.message ? t(fieldState.error.message) : helperText}
        />
      )}
    />
  );
}

/** A filter of a list by one among too many to list; what it is called is known to the list where nobody chose it here. */
export function SearchFilter({ state, called, ...searched }: Searched & { state: ListState; called: string | null | undefined }) {
  const id = state.filters[searched.name]!;
  const [chosen, setChosen] = useState<Found | null>(null);
  return (
    <Searching
      {...searched}
      isSmall
      chosen={id === '' ? null : chosen?.id === id ? chosen : { id, label: called ?? id }}
      choose={(one) => {
        setChosen(one);
        state.change({ [searched.name]: one?.id });
      }}
    />
  );
}

interface SearchingProps extends Searched {
  chosen: Found | null;
  choose: (one: Found | null) => void;
  isSmall?: boolean;
  error?: boolean;
  inputRef?: Ref<HTMLInputElement>;
  onBlur?: FocusEventHandler;
}

function Searching({ search, among, chosen, choose, isSmall, ...field }: SearchingProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState('');
  useEffect(() => {
    const pause = setTimeout(() => setAsked(typed.trim()), 250);
    return () => clearTimeout(pause);
  }, [typed]);
  const [wasOpened, setOpened] = useState(false);
  // A filter that nobody opens asks for nobody.
  const found = useQuery({ queryKey: ['found', ...among, asked], queryFn: () => search(asked), enabled: !isSmall || wasOpened });
  // What fitted something else is not offered meanwhile.
  const isAsked = typed.trim() === asked;
  return (
    <Autocomplete
      disablePortal
      size={isSmall ? 'small' : 'medium'}
      sx={isSmall ? { minWidth: 220 } : undefined}
      options={isAsked ? (found.data ?? []) : []}
      value={chosen}
      onChange={(_, one) => choose(one)}
      onOpen={() => setOpened(true)}
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
      renderInput={(params) => <TextField {...params} {...field} />}
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
