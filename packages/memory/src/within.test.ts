import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { within } from './within.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = () => new Promise<never>(() => {});

test.each([1, 2 ** 31 - 1, 2 ** 31, 5 * 2 ** 31])(
  'gives up after %d ms and no earlier',
  async (timeoutMs) => {
    let error: unknown;
    void within(never, { timeoutMs, operation: 'look' }).catch(
      (reason: unknown) => (error = reason),
    );
    await vi.advanceTimersByTimeAsync(timeoutMs - 1);
    expect(error).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(error).toMatchObject({ name: 'TimeoutError', operation: 'look', timeoutMs });
  },
);

test('without end waits on, and leaves no timer when it has ended', async () => {
  let end = () => {};
  const asked = within(() => new Promise<void>((resolve) => (end = resolve)), {
    timeoutMs: Infinity,
    operation: 'look',
  });
  await vi.advanceTimersByTimeAsync(5 * 2 ** 31);
  expect(vi.getTimerCount()).toBe(1);
  end();
  await asked;
  expect(vi.getTimerCount()).toBe(0);
});

test('an abort rejects with its reason, tells what was asked, and leaves nothing behind', async () => {
  const { signal, abort } = abortable();
  let inner: AbortSignal | undefined;
  const ask = (given: AbortSignal) => ((inner = given), never());
  const asked = within(ask, { timeoutMs: 50, operation: 'look', signal });
  abort('enough');
  await expect(asked).rejects.toBe('enough');
  expect([inner?.aborted, vi.getTimerCount(), getEventListeners(signal, 'abort')]).toEqual([
    true,
    0,
    [],
  ]);
  const ask2 = vi.fn(never);
  await expect(within(ask2, { timeoutMs: 50, operation: 'look', signal })).rejects.toBe('enough');
  expect(ask2).not.toHaveBeenCalled();
});

function abortable() {
  const control = new AbortController();
  return { signal: control.signal, abort: (reason: unknown) => control.abort(reason) };
}
