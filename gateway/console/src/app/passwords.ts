import * as z from 'zod/mini';

/** A password that is chosen, typed twice; what makes a good one the API knows. */
export const twice = { password: z.string().check(z.minLength(12, 'password.short')), again: z.string() };

export const areSame = z.refine<{ password: string; again: string }>((typed) => typed.password === typed.again, { path: ['again'], error: 'password.differ' });
