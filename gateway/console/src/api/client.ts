import createClient, { type Middleware } from 'openapi-fetch';
import type { components, paths } from './schema';

export type Schema = components['schemas'];

/** What the API answers when it says no (RFC 9457): a stable code, a reason to show, and of a request's fields what is wrong with each. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly errors: Record<string, string[]> = {},
    readonly body: Record<string, unknown> = {},
  ) {
    super(detail);
  }

  static async of(response: Response): Promise<Problem> {
    const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    return new Problem(
      response.status,
      typeof body.code === 'string' ? body.code : 'unavailable',
      typeof body.detail === 'string' ? body.detail : typeof body.title === 'string' ? body.title : '',
      (body.errors ?? {}) as Record<string, string[]>,
      body,
    );
  }

  /** Whatever went wrong, as a problem: no answer at all is one too. */
  static from(error: unknown): Problem {
    return error instanceof Problem ? error : new Problem(0, 'unreachable', '');
  }
}

const refusalsAreThrown: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw await Problem.of(response);
  },
};

/** The API; what it refuses is thrown as a {@link Problem}. The session is in a cookie that no script can read. */
export const api = createClient<paths>({ baseUrl: '/', credentials: 'same-origin' });
api.use(refusalsAreThrown);

/** The body of an answer. */
export async function body<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}

/** A thing with its version, which a change names as If-Match: so nobody undoes what somebody else changed meanwhile. */
export async function versioned<T>(answer: Promise<{ data?: T; response: Response }>): Promise<{ data: T; version: string }> {
  const { data, response } = await answer;
  return { data: data as T, version: response.headers.get('ETag') ?? '*' };
}
