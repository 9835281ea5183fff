import { afterEach, describe, expect, test, vi } from 'vitest';
import { abort, down, fail, makeBreaker } from '../../test/make-breaker.ts';
import { warningsDuring } from '../../test/warnings.ts';
import type { BreakerOptions, ErrorClass } from './breaker-options.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { CircuitOpenError } from './circuit-open-error.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

afterEach(() => vi.useRealTimers());

describe('calls', () => {
  test('a sync function gives its value or throws, an async one gives a promise', async () => {
    const { breaker } = makeBreaker();
    const sum = (a: number, b: number) => a + b;
    expect(breaker.call(sum, 1, 2)).toBe(3);
    expect(() => breaker.call(fail)).toThrow(down);
    expect(await breaker.call(async (text: string) => text, 'hello')).toBe('hello');
    await expect(breaker.call(async () => fail())).rejects.toBe(down);
  });

  test('an awaitable that is no promise is awaited', async () => {
    const { breaker } = makeBreaker({ failureThreshold: 1 });
    const thenable = {
      // oxlint-disable-next-line unicorn/no-thenable
      then: (_resolve: unknown, reject: (error: Error) => void) => reject(down),
    };
    await expect(breaker.call(() => thenable)).rejects.toBe(down);
    expect(breaker.state).toBe('open');
  });

  test('a wrapped function keeps its arguments, its this and its name', async () => {
    const { breaker } = makeBreaker();
    class Counter {
      count = 1;
      plus(n: number) {
        return this.count + n;
      }
    }
    Counter.prototype.plus = breaker.wrap(Counter.prototype.plus);
    expect(new Counter().plus(2)).toBe(3);
    expect(new Counter().plus.name).toBe('plus');
  });

  test('what is thrown passes untouched, whatever it is', () => {
    const { breaker } = makeBreaker({ failureThreshold: 9 });
    for (const thrown of [undefined, null, 'text', 0]) {
      let caught: unknown = 'nothing';
      try {
        breaker.call(() => {
          throw thrown;
        });
      } catch (error) {
        caught = error;
      }
      expect(caught).toBe(thrown);
    }
    expect(breaker.failureCount).toBe(4);
  });
});

describe('wrong arguments', () => {
  test('what is no function is told at once, and is no failure', async () => {
    const { breaker } = makeBreaker({ failureThreshold: 1 });
    const words = 'Expected `fn` to be a function, got 5';
    expect(() => breaker.call(5 as never)).toThrow(new TypeError(words));
    expect(() => breaker.wrap(5 as never)).toThrow(new TypeError(words));
    expect(() => breaker.open(5 as never)).toThrow('Expected `reason` to be a string, got 5');
    expect(breaker.state).toBe('closed');
  });
});

describe('answers', () => {
  test('are the very promises that were given, also those of probes', async () => {
    const { breaker, clock } = makeBreaker({ recoveryTimeoutMs: 10 });
    const promise = Promise.resolve(1);
    expect(breaker.call(() => promise)).toBe(promise);
    breaker.open();
    clock.advance(10);
    expect(breaker.call(() => promise)).toBe(promise);
    await settled();
    expect(breaker.successCount).toBe(1);
  });

  test('may be dropped: failures and refusals end no process', async () => {
    const unhandled = vi.fn<() => void>();
    process.on('unhandledRejection', unhandled);
    const { breaker } = makeBreaker({ failureThreshold: 1 });
    void breaker.call(async () => fail());
    await settled();
    expect(breaker.state).toBe('open');
    void breaker.call(async () => 1);
    await settled();
    await settled();
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  test('of a generator are its making; how it went a permit tells', async () => {
    const { breaker } = makeBreaker({ failureThreshold: 1 });
    const broken = breaker.wrap(async function* () {
      yield 1;
      fail();
    });
    const read: number[] = [];
    const readAll = async () => {
      for await (const item of broken()) read.push(item);
    };
    await expect(readAll()).rejects.toBe(down);
    expect([read, breaker.state]).toEqual([[1], 'closed']);
  });
});

describe('opening', () => {
  test('failures in a row open it: the last but one does not, the last does', () => {
    const { breaker, failTimes, changes } = makeBreaker({ failureThreshold: 3 });
    failTimes(2);
    expect([breaker.state, breaker.failureCount]).toEqual(['closed', 2]);
    failTimes(1);
    expect([breaker.state, breaker.failureCount]).toEqual(['open', 0]);
    expect(changes).toEqual([
      { name: 'test', from: 'closed', to: 'open', reason: 'failures', at: 0 },
    ]);
  });

  test('five do by default, and it stays open for a minute', () => {
    const { breaker, failTimes, clock } = makeBreaker();
    failTimes(4);
    expect(breaker.state).toBe('closed');
    failTimes(1);
    expect(breaker.state).toBe('open');
    clock.advance(59_999);
    expect([breaker.state, breaker.retryAfterMs]).toEqual(['open', 1]);
    clock.advance(1);
    expect([breaker.state, breaker.retryAfterMs]).toEqual(['half_open', 0]);
  });

  test('a success in between begins the count anew', () => {
    const { breaker, failTimes } = makeBreaker({ failureThreshold: 2 });
    failTimes(1);
    breaker.call(() => 1);
    failTimes(1);
    expect(breaker.state).toBe('closed');
  });

  test('aborts do not count, neither for nor against', () => {
    const { breaker, failTimes } = makeBreaker({ failureThreshold: 2 });
    failTimes(1);
    for (let time = 0; time < 9; time++) expect(() => breaker.call(abort)).toThrow('stop');
    expect([breaker.state, breaker.failureCount]).toEqual(['closed', 1]);
    failTimes(1);
    expect(breaker.state).toBe('open');
  });

  test.for([
    ['a class', TypeError],
    [
      'a class that isn’t one of errors',
      class Mistake extends Object {
        static override [Symbol.hasInstance] = (e: unknown) => e instanceof TypeError;
      } as unknown as ErrorClass,
    ],
    ['a predicate', (error: unknown) => error instanceof TypeError],
  ] as const)('only the expected errors count: %s', ([, expectedException]) => {
    const { breaker, failTimes } = makeBreaker({ failureThreshold: 1, expectedException });
    failTimes(3);
    expect(breaker.state).toBe('closed');
    const mistake = () => {
      throw new TypeError('mistake');
    };
    expect(() => breaker.call(mistake)).toThrow('mistake');
    expect(breaker.state).toBe('open');
  });

  test('a predicate that throws is reported, and the error counts', async () => {
    const expectedException = () => {
      throw new Error('broken predicate');
    };
    const { breaker, failTimes } = makeBreaker({ failureThreshold: 1, expectedException });
    const warnings = await warningsDuring(() => failTimes(1));
    expect(breaker.state).toBe('open');
    expect(warnings).toEqual([expect.stringContaining('broken predicate')]);
  });
});

describe('listeners', () => {
  test('one that throws or rejects changes nothing, and is reported', async () => {
    const { breaker, failTimes, clock } = makeBreaker({
      failureThreshold: 1,
      recoveryTimeoutMs: 10,
      successThreshold: 1,
      onStateChange: ({ to }): unknown => {
        if (to === 'open') throw new Error('thrown');
        return Promise.reject(new Error('rejected'));
      },
    });
    const warnings = await warningsDuring(() => {
      failTimes(1);
      clock.advance(10);
      expect(breaker.call(() => 'fine')).toBe('fine');
    });
    expect(breaker.state).toBe('closed');
    expect(warnings).toHaveLength(3);
  });

  test('one may call through the breaker that tells it, or open it', () => {
    const told: string[] = [];
    const { breaker, clock } = makeBreaker({
      recoveryTimeoutMs: 10,
      successThreshold: 1,
      onStateChange: ({ from, to }) => {
        told.push(`${from} → ${to}`);
        if (to === 'half_open') breaker.call(() => 1);
        else if (to === 'closed') breaker.open();
      },
    });
    breaker.open();
    clock.advance(10);
    expect(() => breaker.call(() => 1)).toThrow(CircuitOpenError);
    expect(told).toEqual([
      'closed → open',
      'open → half_open',
      'half_open → closed',
      'closed → open',
    ]);
  });

  test('one may use the breaker', () => {
    const { breaker, failTimes } = makeBreaker({
      failureThreshold: 1,
      onStateChange: ({ to }) => {
        if (to === 'open') breaker.close();
      },
    });
    failTimes(3);
    expect(breaker.state).toBe('closed');
  });
});

describe('time', () => {
  test('the wall clock does not matter, and no timer runs', () => {
    vi.useFakeTimers();
    const breaker = new CircuitBreaker({ failureThreshold: 1, recoveryTimeoutMs: 1000 });
    expect(() => breaker.call(fail)).toThrow(down);
    vi.setSystemTime(0);
    expect(breaker.state).toBe('open');
    vi.advanceTimersByTime(1000);
    expect(breaker.state).toBe('half_open');
    breaker.acquire();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('nobody is left unhandled', async () => {
    const unhandled = vi.fn<() => void>();
    process.on('unhandledRejection', unhandled);
    const { breaker } = makeBreaker();
    breaker.call(async () => fail()).catch(() => {});
    await settled();
    await settled();
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

describe('options', () => {
  const rate = { threshold: 0.5, minimumCalls: 1, windowMs: 10 };
  test.for([
    [{ failureThreshold: 0 }, RangeError, '`failureThreshold` to be an integer from 1 up, got 0'],
    [{ recoveryTimeoutMs: -1 }, RangeError, '`recoveryTimeoutMs`'],
    [{ recoveryTimeoutMs: Number.NaN }, RangeError, '`recoveryTimeoutMs`'],
    [{ recoveryTimeoutMs: '60' }, TypeError, '`recoveryTimeoutMs`'],
    [{ halfOpenMaxCalls: 0 }, RangeError, '`halfOpenMaxCalls`'],
    [{ successThreshold: 1.5 }, RangeError, '`successThreshold`'],
    [{ probeTimeoutMs: 0 }, RangeError, '`probeTimeoutMs`'],
    [{ expectedException: 'Error' }, TypeError, '`expectedException`'],
    [{ failureRate: { ...rate, threshold: 0 } }, RangeError, '`failureRate.threshold`'],
    [{ failureRate: { ...rate, threshold: 1.1 } }, RangeError, '`failureRate.threshold`'],
    [{ failureRate: { ...rate, minimumCalls: 0 } }, RangeError, '`failureRate.minimumCalls`'],
    [{ slowCalls: rate }, TypeError, '`slowCalls.durationMs`'],
    [{ slowCalls: 5 }, TypeError, '`slowCalls`'],
    [{ failureRate: null }, TypeError, '`failureRate`'],
    [{ onStateChange: 5 }, TypeError, '`onStateChange`'],
    [{ name: 5 }, TypeError, '`name`'],
    [{ clock: 5 }, TypeError, '`clock`'],
  ] as const)('%o', ([options, kind, words]) => {
    const make = () => new CircuitBreaker(options as unknown as BreakerOptions);
    expect(make).toThrow(kind);
    expect(make).toThrow(words);
  });

  test('two breakers with one options object share nothing', () => {
    const options = Object.freeze({ failureThreshold: 1, failureRate: Object.freeze(rate) });
    const [one, two] = [new CircuitBreaker(options), new CircuitBreaker(options)];
    expect(() => one.call(fail)).toThrow(down);
    expect([one.state, two.state]).toEqual(['open', 'closed']);
  });
});
