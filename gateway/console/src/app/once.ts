import { useRef } from 'react';
import { Problem } from '../api/client';

/**
 * Sends what makes something under a key of its form: the same once more, as after a broken connection or a second click, is done once (INV-21).
 * What was refused made nothing, and what is sent next is another request.
 */
export function useOnce() {
  const key = useRef(crypto.randomUUID());
  return async <T>(send: (headers: { 'Idempotency-Key': string }) => Promise<T>): Promise<T> => {
    try {
      return await send({ 'Idempotency-Key': key.current });
    } catch (error) {
      const { status } = Problem.from(error);
      if (status >= 400 && status < 500) key.current = crypto.randomUUID();
      throw error;
    }
  };
}
