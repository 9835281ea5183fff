import { getEventListeners } from 'node:events';
import { RetryableError, ServiceError, TimeoutError } from '@kortana/errors';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AsyncRetry } from './async-retry.ts';
import { RetryBudget } from './retry-budget.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const passing = (message = 'passing') => new RetryableError(message);

/** Fails `times` times, then gives `'ok'`. */
function flaky(times: number, ...[error]: [error?: unknown]) {
  const thrown = arguments.length > 1 ? error : passing();
  return vi.fn(async ({ attempt }: { attempt: number }) => {
    if (attempt <= times) throw thrown;
    return 'ok';
  });
}

async function outcomeOf(work: Promise<unknown>): Promise<unknown> {
  const outcome = work.catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  return outcome;
}

describe('attempts', () => {
  test('calls once when that succeeds, with the attempt number and a signal', async () => {
    const fn = vi.fn(
      async ({ signal }: { attempt: number; signal: AbortSignal }) => signal.aborted,
    );
    expect(await new AsyncRetry().run(fn)).toBe(false);
    expect(fn.mock.calls.map(([{ attempt }]) => attempt)).toEqual([1]);
  });

  test('counts the first in maxAttempts', async () => {
    const last = flaky(2);
    expect(await outcomeOf(new AsyncRetry({ maxAttempts: 3 }).run(last))).toBe('ok');
    const error = passing();
    const beyond = flaky(3, error);
    expect(await outcomeOf(new AsyncRetry({ maxAttempts: 3 }).run(beyond))).toBe(error);
    expect(beyond).toHaveBeenCalledTimes(3);
  });

  test('throws the last error as it came', async () => {
    const errors = [passing('first'), passing('last')];
    const fn = async ({ attempt }: { attempt: number }) => Promise.reject(errors[attempt - 1]);
    expect(await outcomeOf(new AsyncRetry({ maxAttempts: 2 }).run(fn))).toBe(errors[1]);
  });

  test('does not retry what is not recoverable, nor an open circuit', async () => {
    const broken = flaky(1, new Error('broken'));
    expect(await outcomeOf(new AsyncRetry().run(broken))).toBeInstanceOf(Error);
    const open = flaky(1, new ServiceError('open', { code: 'CIRCUIT_OPEN', recoverable: true }));
    expect(await outcomeOf(new AsyncRetry().run(open))).toBeInstanceOf(ServiceError);
    expect(broken).toHaveBeenCalledOnce();
    expect(open).toHaveBeenCalledOnce();
  });

  test.for(['a string', undefined, null, new TypeError('by default p-retry gives up on these')])(
    'retries whatever retryOn says: %s',
    async (thrown) => {
      const retryOn = vi.fn(() => true);
      expect(await outcomeOf(new AsyncRetry({ retryOn }).run(flaky(1, thrown)))).toBe('ok');
      expect(retryOn).toHaveBeenCalledWith(thrown, 1);
    },
  );

  test('throws also an error as it came of which nothing can be read', async () => {
    const trap = () => {
      throw new Error('trap');
    };
    const error: unknown = new Proxy({}, { get: trap, has: trap, getPrototypeOf: trap });
    // Not handed on: a promise would look for its `then`.
    const isIt = (thrown: unknown) => thrown === error;
    const fail = async () => Promise.reject(error);
    const first = new AsyncRetry().run(fail);
    expect(await first.then(() => false, isIt)).toBe(true);
    const last = new AsyncRetry({ retryOn: () => true, maxAttempts: 2 }).run(fail);
    const isLast = last.then(() => false, isIt);
    await vi.runAllTimersAsync();
    expect(await isLast).toBe(true);
  });

  test('passes a thrown non-error through as it is', async () => {
    expect(await outcomeOf(new AsyncRetry({ retryOn: () => true }).run(flaky(9, 'text')))).toBe(
      'text',
    );
  });

  test('takes a throw for a rejection', async () => {
    const thrower = ({ attempt }: { attempt: number }) => {
      if (attempt === 1) throw passing();
      return attempt;
    };
    expect(await outcomeOf(new AsyncRetry().run(thrower))).toBe(2);
  });

  test('cuts an attempt that takes too long, tells it, and tries again', async () => {
    const signals: AbortSignal[] = [];
    const fn = async ({ attempt, signal }: { attempt: number; signal: AbortSignal }) => {
      signals.push(signal);
      return attempt === 1 ? new Promise<never>(() => {}) : 'ok';
    };
    const retry = new AsyncRetry({ attemptTimeoutMs: 50, jitter: 'none', initialDelayMs: 10 });
    expect(await outcomeOf(retry.run(fn))).toBe('ok');
    expect(signals[0]?.reason).toBeInstanceOf(TimeoutError);
    expect(signals[1]?.aborted).toBe(false);
  });
});

describe('pauses', () => {
  test('grow, and onRetry is told of each', async () => {
    const onRetry = vi.fn();
    const error = passing();
    const retry = new AsyncRetry({ maxAttempts: 4, jitter: 'none', onRetry });
    await outcomeOf(retry.run(flaky(9, error)));
    expect(onRetry.mock.calls).toEqual([
      [{ error, attempt: 1, delayMs: 1000 }],
      [{ error, attempt: 2, delayMs: 2000 }],
      [{ error, attempt: 3, delayMs: 4000 }],
    ]);
  });

  test('last as long as they say', async () => {
    const fn = flaky(1);
    const work = new AsyncRetry({ jitter: 'none' }).run(fn);
    await vi.advanceTimersByTimeAsync(999);
    expect(fn).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(1);
    expect(await work).toBe('ok');
  });

  test('are at least what the error asks for', async () => {
    const onRetry = vi.fn();
    const busy = new ServiceError('busy', { httpStatus: 429, retryAfterMs: 5000 });
    await outcomeOf(new AsyncRetry({ random: () => 0, onRetry }).run(flaky(1, busy)));
    expect(onRetry.mock.calls[0]?.[0].delayMs).toBe(5000);
  });

  test('longer than the cap are not waited for', async () => {
    const fn = flaky(1, new ServiceError('busy', { httpStatus: 429, retryAfterMs: 60_001 }));
    const work = new AsyncRetry().run(fn);
    await expect(work).rejects.toThrow('busy');
    expect(fn).toHaveBeenCalledOnce();
  });

  test('are not begun when they would end after maxElapsedMs', async () => {
    const retry = (maxElapsedMs: number) =>
      new AsyncRetry({ maxAttempts: 9, jitter: 'none', maxElapsedMs });
    const inTime = flaky(9);
    await outcomeOf(retry(3000).run(inTime));
    expect(inTime).toHaveBeenCalledTimes(3);
    const tooLate = flaky(9);
    await outcomeOf(retry(2999).run(tooLate));
    expect(tooLate).toHaveBeenCalledTimes(2);
  });

  test('a success after maxElapsedMs counts', async () => {
    const slow = () => new Promise((resolve) => setTimeout(() => resolve('ok'), 5000));
    expect(await outcomeOf(new AsyncRetry({ maxElapsedMs: 10 }).run(slow))).toBe('ok');
  });
});

describe('abort', () => {
  test('in a pause rejects at once and calls no more, unlike cockatiel', async () => {
    const controller = new AbortController();
    const fn = flaky(9);
    const work = new AsyncRetry({ jitter: 'none' }).run(fn, { signal: controller.signal });
    await vi.advanceTimersByTimeAsync(500);
    controller.abort('enough');
    await expect(work).rejects.toBe('enough');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(fn).toHaveBeenCalledOnce();
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test('in an attempt is no failure: nobody is asked or told, and the budget is as it was', async () => {
    const controller = new AbortController();
    const budget = new RetryBudget();
    const [retryOn, onRetry] = [vi.fn(() => true), vi.fn()];
    const never = () => new Promise<never>(() => {});
    const retry = new AsyncRetry({ budget, retryOn, onRetry });
    const work = retry.run(never, { signal: controller.signal });
    controller.abort(passing());
    await expect(work).rejects.toThrow('passing');
    expect(retryOn).not.toHaveBeenCalled();
    expect(onRetry).not.toHaveBeenCalled();
    expect(budget.remaining).toBe(10);
  });

  test('in an attempt rejects at once, and nothing follows when that fails later', async () => {
    const controller = new AbortController();
    let fail = (_error: Error): void => {};
    const fn = vi.fn(() => new Promise((_, reject) => (fail = reject)));
    const work = new AsyncRetry().run(fn, { signal: controller.signal });
    await vi.advanceTimersByTimeAsync(0);
    controller.abort('enough');
    await expect(work).rejects.toBe('enough');
    fail(passing());
    await vi.runAllTimersAsync();
    expect(fn).toHaveBeenCalledOnce();
  });

  test('keeps a success that was there before, unlike p-retry', async () => {
    const controller = new AbortController();
    const work = new AsyncRetry().run(async () => 'ok', { signal: controller.signal });
    controller.abort();
    await expect(work).resolves.toBe('ok');
  });

  test('before the start calls nothing', async () => {
    const fn = vi.fn();
    await expect(new AsyncRetry().run(fn, { signal: AbortSignal.abort('no') })).rejects.toBe('no');
    expect(fn).not.toHaveBeenCalled();
  });
});

describe('budget', () => {
  test('bounds the extra calls of all who share it', async () => {
    const budget = new RetryBudget({ ratio: 0.2, minPerSecond: 0 });
    const fn = flaky(9);
    const retries = [0, 1].map(() => new AsyncRetry({ budget, initialDelayMs: 0 }));
    await Promise.all(
      Array.from({ length: 100 }, (_, call) => outcomeOf(retries[call % 2]!.run(fn))),
    );
    expect(fn).toHaveBeenCalledTimes(120);
  });

  test('gives the error at once when it is spent', async () => {
    const budget = new RetryBudget({ ratio: 0, minPerSecond: 0 });
    await expect(new AsyncRetry({ budget }).run(flaky(1))).rejects.toThrow('passing');
  });
});

describe('hooks', () => {
  test('that throw change nothing', async () => {
    const boom = () => {
      throw new Error('hook');
    };
    const retry = new AsyncRetry({ onRetry: boom, retryOn: boom });
    expect(await outcomeOf(retry.run(flaky(1)))).toBe('ok');
  });
});

test('nextDelayMs gives the pause for whoever runs the attempts himself, and takes from the budget', () => {
  const budget = new RetryBudget({ ratio: 0, minPerSecond: 0.2 });
  const retry = new AsyncRetry({ maxAttempts: 2, jitter: 'none', maxElapsedMs: 3000, budget });
  expect(retry.nextDelayMs(passing(), 2)).toBeUndefined();
  expect(retry.nextDelayMs(new Error('broken'), 1)).toBeUndefined();
  expect(retry.nextDelayMs(passing(), 1, 2001)).toBeUndefined();
  expect(budget.remaining).toBe(2);
  expect(retry.nextDelayMs(passing(), 1, 2000)).toBe(1000);
  expect(retry.nextDelayMs(passing(), 1)).toBe(1000);
  expect(retry.nextDelayMs(passing(), 1)).toBeUndefined();
});

test('a wrong argument is a rejection, never a throw', async () => {
  const retry = new AsyncRetry();
  await expect(retry.run(5 as never)).rejects.toThrow('Expected `fn` to be a function');
  await expect(retry.run(async () => 1, { signal: {} as never })).rejects.toThrow(TypeError);
  await expect(retry.run(async () => 1, null as never)).resolves.toBe(1);
});

test('refuses options that make no sense', () => {
  expect(() => new AsyncRetry({ maxAttempts: 0 })).toThrow(
    'Expected `maxAttempts` to be an integer from 1 up, got 0',
  );
  expect(() => new AsyncRetry({ jitter: 'some' as never })).toThrow(RangeError);
  expect(() => new AsyncRetry({ retryOn: true as never })).toThrow(TypeError);
  expect(() => new AsyncRetry({ maxAttempts: undefined })).not.toThrow();
});
