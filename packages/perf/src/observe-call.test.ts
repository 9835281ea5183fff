import { expect, test, vi } from 'vitest';
import { observeCall } from './observe-call.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('the very promise that the call gave is given back, of whatever class', async () => {
  class Answer extends Promise<number> {
    extra = 'kept';
  }
  const promise = Promise.resolve(1);
  const answer = Answer.resolve(2) as Answer;
  expect(observeCall(() => promise, vi.fn())).toBe(promise);
  expect(observeCall(() => answer, vi.fn()).extra).toBe('kept');
  await settled();
});

test('whoever waits for it hears of its end after onEnd has', async () => {
  const order: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const observed = observeCall(
    () => promise,
    () => order.push('onEnd'),
  );
  resolve();
  await observed.then(() => order.push('caller'));
  expect(order).toEqual(['onEnd', 'caller']);
});

test('another kind of awaitable is awaited once: some do their work anew each time', async () => {
  // oxlint-disable-next-line unicorn/no-thenable
  const query = { then: vi.fn((resolve: (value: string) => void) => resolve('rows')) };
  const onEnd = vi.fn();
  expect(await observeCall(() => query, onEnd)).toBe('rows');
  expect(query.then).toHaveBeenCalledTimes(1);
  expect(onEnd.mock.calls).toEqual([[true]]);
});

test('what can’t be looked at is a result like any other', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const onEnd = vi.fn();
  const result = observeCall(() => proxy, onEnd);
  expect(Object.is(result, proxy)).toBe(true);
  expect(onEnd.mock.calls).toEqual([[true]]);
});

test('one who drops a rejection doesn’t end the process', async () => {
  const unhandled = vi.fn<() => void>();
  process.on('unhandledRejection', unhandled);
  const error = new Error('down');
  const onEnd = vi.fn();
  void observeCall(() => Promise.reject(error), onEnd);
  await settled();
  await settled();
  process.off('unhandledRejection', unhandled);
  expect(onEnd.mock.calls).toEqual([[false, error]]);
  expect(unhandled).not.toHaveBeenCalled();
});
