import * as z from 'zod/mini';

/** Somebody has to be chosen. */
export const needed = z.object({ userId: z.string().check(z.minLength(1, 'people.needed')) });
