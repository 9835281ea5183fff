import { handleError, MemoryError, TimeoutError } from '@kortana/errors';
import { codes } from './error-codes.ts';

export interface WithinOptions {
  timeoutMs: number;
  /** For the error: `search`, `append`, … */
  operation: string;
  signal?: AbortSignal | undefined;
  /** Nobody waits for it: the process may end before. */
  background?: boolean | undefined;
}

/** Node fires longer ones at once. */
const longestTimer = 2 ** 31 - 1;

/**
 * What `ask` gives, or a TimeoutError when that takes longer. A late answer is dropped, whatever it
 * is; `ask`'s signal tells it that nobody waits any more.
 */
export async function within<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  { timeoutMs, operation, signal, background = false }: WithinOptions,
): Promise<T> {
  signal?.throwIfAborted();
  const control = new AbortController();
  let stop!: (reason: unknown) => void;
  const ended = new Promise<never>((_, reject) => {
    stop = (reason) => {
      // oxlint-disable-next-line prefer-promise-reject-errors -- the caller's reason, whatever it is
      reject(reason);
      control.abort(reason);
    };
  });
  const late = () =>
    stop(
      new TimeoutError(`${operation} took longer than ${timeoutMs} ms`, { operation, timeoutMs }),
    );
  let timer: NodeJS.Timeout | undefined;
  const wait = (ms: number) => {
    const then = () => (ms > longestTimer ? wait(ms - longestTimer) : late());
    timer = setTimeout(then, Math.min(ms, longestTimer));
    if (background) timer.unref();
  };
  wait(timeoutMs);
  const aborted = () => stop(signal?.reason);
  signal?.addEventListener('abort', aborted, { once: true });
  try {
    return await Promise.race([ask(control.signal), ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', aborted);
  }
}

/** A store's failure as a MemoryError; what already is one stays itself. */
export function memoryError(error: unknown, operation: string): MemoryError {
  if (MemoryError.isInstance(error)) return error;
  if (TimeoutError.isInstance(error)) {
    return new MemoryError(error.message, { code: codes.timeout, cause: error });
  }
  const [, said] = handleError(error);
  return new MemoryError(`${operation} failed: ${said}`, { cause: error });
}
