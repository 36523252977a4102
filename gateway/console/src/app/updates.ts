import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

/**
 * Asks again for what was read under a key when the API says that its list has changed (API-05). A page that nobody looks at asks for nothing: a
 * browser has few connections to one server.
 */
export function useUpdates(list: '/users' | '/organizations' | '/subscriptions' | '/invitations' | '/invitations/batches', key: string) {
  const queries = useQueryClient();
  useEffect(() => {
    let source: EventSource | undefined;
    let hasBegun = false;
    const look = () => {
      source?.close();
      source = document.hidden ? undefined : new EventSource(`/api/v1${list}/updates`);
      // The pages of a list, by what they ask for: each look at one person is noted (LOG-05), and is not repeated for nothing.
      const ask = () => void queries.invalidateQueries({ queryKey: [key], predicate: ({ queryKey }) => typeof queryKey[1] === 'object' });
      source?.addEventListener('changed', ask);
      // What changed while nobody listened was told to nobody.
      source?.addEventListener('begin', () => {
        if (hasBegun) ask();
        hasBegun = true;
      });
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      source?.close();
    };
  }, [list, key, queries]);
}
