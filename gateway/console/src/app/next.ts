/** Where to go after signing in: a page of this console, whatever the address says. */
export function nextOf(search: URLSearchParams): string {
  const next = search.get('next') ?? '/';
  const url = new URL(next, location.origin);
  return next.startsWith('/') && url.origin === location.origin ? url.pathname + url.search : '/';
}
