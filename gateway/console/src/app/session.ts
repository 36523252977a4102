import { queryOptions, useMutation, useQuery } from '@tanstack/react-query';
import { api, body } from '../api/client';

const me = queryOptions({ queryKey: ['me'], queryFn: () => body(api.GET('/api/v1/me')), staleTime: 60_000 });

/** Who is signed in. Nobody is a problem with status 401; who has to change the password first, one with the code password-change-required. */
export const useMe = () => useQuery(me);

/** What the reader's own account says about them (USR-09). */
export const useProfile = () => useQuery({ queryKey: ['me', 'profile'], queryFn: () => body(api.GET('/api/v1/me/profile')), staleTime: 60_000 });

export function useSignOut() {
  return useMutation({
    mutationFn: () => api.DELETE('/api/v1/session'),
    // A new page: nothing of one person is left for the next at this browser.
    onSettled: () => window.location.assign('/sign-in'),
  });
}
