import { getEventListeners } from 'node:events';
import { TimeoutError } from '@kortana/errors';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Call, type CallLimits } from './call.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const start = (limits: CallLimits) => new Call('gpt-4o', limits).start();

/** What the call was ended by, in short. */
const endOf = ({ signal, stop }: Call): string => {
  const reason: unknown = signal.reason;
  return TimeoutError.isInstance(reason) ? `${reason.operation} ${reason.timeoutMs}` : stop;
};

describe('limits', () => {
  test('end a call when they are reached, not before', () => {
    const call = start({ timeoutMs: 100 });
    vi.advanceTimersByTime(99);
    expect(endOf(call)).toBe('none');
    vi.advanceTimersByTime(1);
    expect(endOf(call)).toBe('total 100');
    expect(call.stop).toBe('expired');
  });

  test('for the first token start anew with every byte, and end with the first output', () => {
    const call = start({ firstTokenTimeoutMs: 100, idleTimeoutMs: 30 });
    for (let comment = 0; comment < 5; comment += 1) {
      vi.advanceTimersByTime(99);
      call.heard();
      call.waiting();
    }
    expect(endOf(call)).toBe('none');
    call.heard();
    call.spoken();
    call.waiting();
    vi.advanceTimersByTime(29);
    expect(endOf(call)).toBe('none');
    vi.advanceTimersByTime(1);
    expect(endOf(call)).toBe('idle 30');
  });

  test('for the first token strike a call that says nothing', () => {
    const call = start({ firstTokenTimeoutMs: 100, idleTimeoutMs: 30 });
    vi.advanceTimersByTime(100);
    expect(endOf(call)).toBe('first token 100');
  });

  test('between bytes hold from the beginning where the first token has none', () => {
    const call = start({ idleTimeoutMs: 30 });
    vi.advanceTimersByTime(30);
    expect(endOf(call)).toBe('idle 30');
  });

  test('are not broken by bytes that a busy process has not read yet', async () => {
    vi.useRealTimers();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const [heard, silent] = [start({ idleTimeoutMs: 30 }), start({ idleTimeoutMs: 30 })];
    // The timer of 30 ms fires after 90.
    const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 90);
    vi.advanceTimersByTime(30);
    now.mockRestore();
    heard.heard();
    heard.waiting();
    await turn();
    expect(endOf(heard)).toBe('none');
    expect(endOf(silent)).toBe('idle 30');
    vi.advanceTimersByTime(30);
    expect(endOf(heard)).toBe('idle 30');
  });

  test('for the first token alone do not bind the rest', () => {
    const call = start({ firstTokenTimeoutMs: 100 });
    call.heard();
    call.spoken();
    call.waiting();
    vi.advanceTimersByTime(1e6);
    expect(endOf(call)).toBe('none');
  });

  test('do not count while the reader is busy', () => {
    const call = start({ idleTimeoutMs: 30 });
    call.heard();
    call.spoken();
    vi.advanceTimersByTime(1000);
    call.waiting();
    vi.advanceTimersByTime(29);
    expect(endOf(call)).toBe('none');
    vi.advanceTimersByTime(1);
    expect(endOf(call)).toBe('idle 30');
  });

  test('that no timer can hold do not strike early', () => {
    const call = start({ timeoutMs: 2 ** 31, firstTokenTimeoutMs: Infinity, idleTimeoutMs: 1e12 });
    vi.advanceTimersByTime(1e6);
    expect(endOf(call)).toBe('none');
    expect(vi.getTimerCount()).toBe(0);
  });

  test.for([
    [{ timeoutMs: 0 }, RangeError],
    [{ firstTokenTimeoutMs: -1 }, RangeError],
    [{ idleTimeoutMs: Number.NaN }, RangeError],
    [{ timeoutMs: '5' }, TypeError],
    [{ signal: {} }, TypeError],
  ] as const)('that are none are refused: %j', ([limits, kind]) => {
    expect(() => new Call('gpt-4o', limits as never)).toThrow(kind);
  });
});

describe('the end', () => {
  test('has the reason of the caller, and is one only', () => {
    const controller = new AbortController();
    const call = start({ signal: controller.signal, timeoutMs: 100 });
    const reason = new Error('enough');
    controller.abort(reason);
    vi.advanceTimersByTime(100);
    call.leave();
    expect(call.stop).toBe('aborted');
    expect(call.signal.reason).toBe(reason);
  });

  test('leaves neither timer nor listener', () => {
    const { signal } = new AbortController();
    const limits = { signal, timeoutMs: 100, firstTokenTimeoutMs: 50, idleTimeoutMs: 30 };
    start(limits).settle();
    start(limits).leave();
    const spoken = start(limits);
    spoken.spoken();
    spoken.settle();
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test('comes before the start where the signal is aborted already', () => {
    const reason = new Error('never mind');
    const call = new Call('gpt-4o', { signal: AbortSignal.abort(reason), timeoutMs: 100 });
    expect(() => call.start()).toThrow(reason);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('race', () => {
  test('gives the outcome of the work, and leaves no listener', async () => {
    const call = start({});
    await expect(call.race(Promise.resolve(1))).resolves.toBe(1);
    await expect(call.race(Promise.reject(new Error('own')))).rejects.toThrow('own');
    expect(getEventListeners(call.signal, 'abort')).toHaveLength(0);
  });

  test('gives the reason of the end, and drops what comes later', async () => {
    const call = start({ timeoutMs: 100 });
    const { promise, reject } = Promise.withResolvers();
    const racing = call.race(promise);
    vi.advanceTimersByTime(100);
    await expect(racing).rejects.toMatchObject({ operation: 'total' });
    reject(new Error('late, and unhandled by nobody'));
    await expect(call.race(Promise.resolve(1))).rejects.toMatchObject({ operation: 'total' });
  });
});
