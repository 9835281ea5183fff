import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { manualClock } from '../../test/manual-clock.ts';
import { warningsDuring } from '../../test/warnings.ts';
import type { BreakerOptions, ErrorClass, StateChange } from './breaker-options.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { CircuitOpenError } from './circuit-open-error.ts';

const down = new Error('down');
const fail = () => {
  throw down;
};
const abort = () => {
  throw new DOMException('stop', 'AbortError');
};

function makeBreaker(options: BreakerOptions = {}) {
  const clock = manualClock();
  const changes: StateChange[] = [];
  const onStateChange = (change: StateChange) => changes.push(change);
  const breaker = new CircuitBreaker({ name: 'test', clock, onStateChange, ...options });
  const failTimes = (times: number) => {
    for (let time = 0; time < times; time++) expect(() => breaker.call(fail)).toThrow(down);
  };
  return { breaker, clock, changes, failTimes };
}

/** A promise, and its ends. */
function deferred() {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  return { promise, resolve, reject, call: () => promise };
}

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

describe('refusing', () => {
  test('calls nothing, and says when to come back', () => {
    const { breaker, failTimes, clock } = makeBreaker({
      failureThreshold: 1,
      recoveryTimeoutMs: 100,
    });
    failTimes(1);
    clock.advance(40);
    const fn = vi.fn<() => void>();
    let refusal: unknown;
    try {
      breaker.call(fn);
    } catch (error) {
      refusal = error;
    }
    expect(fn).not.toHaveBeenCalled();
    expect(refusal).toBeInstanceOf(CircuitOpenError);
    expect(CircuitOpenError.isInstance(refusal)).toBe(true);
    expect(refusal).toMatchObject({
      name: 'CircuitOpenError',
      code: 'CIRCUIT_OPEN',
      recoverable: true,
      retryAfterMs: 60,
      breakerName: 'test',
      serviceName: 'test',
      message: 'The circuit `test` is open: try again in 60 ms',
    });
  });

  test('is thrown for a plain function, and a rejection for an async one', async () => {
    const { breaker } = makeBreaker();
    breaker.open();
    const plain = () => Promise.resolve(1);
    const asynchronous = async () => 1;
    expect(() => breaker.call(plain)).toThrow(CircuitOpenError);
    expect(() => breaker.wrap(plain)()).toThrow(CircuitOpenError);
    await expect(breaker.call(asynchronous)).rejects.toThrow(CircuitOpenError);
    await expect(breaker.wrap(asynchronous)()).rejects.toThrow(CircuitOpenError);
    expect(() => breaker.acquire()).toThrow(CircuitOpenError);
  });

  test('says 0 where no time is known: probes take all places, or it is isolated', () => {
    const { breaker, clock } = makeBreaker({ recoveryTimeoutMs: 10 });
    const retryAfterMs = () => {
      try {
        breaker.acquire();
      } catch (error) {
        return (error as CircuitOpenError).retryAfterMs;
      }
    };
    breaker.open();
    expect(retryAfterMs()).toBe(10);
    clock.advance(10);
    breaker.acquire();
    expect([retryAfterMs(), breaker.retryAfterMs]).toEqual([0, 0]);
    breaker.close();
    using _ = breaker.isolate();
    expect([retryAfterMs(), breaker.retryAfterMs]).toEqual([0, 0]);
  });

  test.for([
    [Symbol('name'), 5],
    ['name', 5n],
    [undefined, undefined],
    ['name', { valueOf: () => expect.unreachable() }],
    ['name', Number.NaN],
    ['name', -1],
  ])('can be made with anything: %o', ([name, retryAfterMs]) => {
    const limit = Error.stackTraceLimit;
    const error = new CircuitOpenError(name as string, retryAfterMs as number);
    expect(error.retryAfterMs).toBe(retryAfterMs === 5 ? 5 : 0);
    expect(error.breakerName).toBeTypeOf('string');
    expect(Error.stackTraceLimit).toBe(limit);
  });

  test('can be made where `Error` is frozen', () => {
    const code = `
      import { CircuitOpenError } from ${JSON.stringify(import.meta.resolve('../index.ts'))};
      Object.freeze(Error);
      process.stdout.write(new CircuitOpenError('a', 5).message);`;
    const flags = ['--conditions=@kortana/source', '--input-type=module', '--eval', code];
    expect(execFileSync(process.execPath, flags, { encoding: 'utf8' })).toContain('try again in 5');
  });

  test('each refusal is an error of its own, and costs no stack frames', () => {
    const limit = Error.stackTraceLimit;
    const [one, two] = [new CircuitOpenError('a', 5), new CircuitOpenError('a', 5)];
    expect(one).not.toBe(two);
    expect(one.stack).toBe('CircuitOpenError: The circuit `a` is open: try again in 5 ms');
    expect(Error.stackTraceLimit).toBe(limit);
  });

  test('refusals are no samples: they don’t dilute the failure rate', () => {
    const { breaker, failTimes, clock } = makeBreaker({
      failureThreshold: 99,
      recoveryTimeoutMs: 10,
      successThreshold: 1,
      failureRate: { threshold: 0.5, minimumCalls: 4, windowMs: 60_000 },
    });
    const refuseTimes = (times: number) => {
      for (let time = 0; time < times; time++) {
        expect(() => breaker.acquire()).toThrow(CircuitOpenError);
      }
    };
    breaker.open();
    refuseTimes(99);
    clock.advance(10);
    const probe = breaker.acquire();
    refuseTimes(99);
    probe.succeed();
    expect(breaker.toJSON()).toMatchObject({ state: 'closed', failureCount: 0, openCount: 0 });
    failTimes(3);
    expect(breaker.state).toBe('closed');
    failTimes(1);
    expect(breaker.state).toBe('open');
  });
});

describe('recovery', () => {
  const options = { failureThreshold: 1, recoveryTimeoutMs: 100 };

  test('probes pass from the recovery timeout on, not before', () => {
    const { breaker, failTimes, clock, changes } = makeBreaker(options);
    failTimes(1);
    clock.advance(99.9);
    expect(() => breaker.call(() => 1)).toThrow(CircuitOpenError);
    clock.advance(0.1);
    expect(breaker.call(() => 1)).toBe(1);
    expect(changes.at(-1)).toMatchObject({ from: 'open', to: 'half_open', at: 100 });
  });

  test('to wait retryAfterMs is enough, also with fractions of milliseconds, which timers cut off', () => {
    for (let start = 0; start < 100; start++) {
      const { breaker, failTimes, clock } = makeBreaker({ ...options, recoveryTimeoutMs: 9.3 });
      clock.advance(start * 0.37);
      failTimes(1);
      clock.advance(start * 0.09);
      expect(breaker.retryAfterMs - (9.3 - start * 0.09)).toBeLessThan(1);
      clock.advance(Math.trunc(breaker.retryAfterMs));
      expect(breaker.call(() => 1)).toBe(1);
    }
  });

  test('to wait retryAfterMs is enough also where the sum of both is rounded down', () => {
    let now = 16.31529730894421;
    const breaker = new CircuitBreaker({ clock: { now: () => now }, recoveryTimeoutMs: 100 });
    breaker.open();
    now = 45.3152973089442;
    now += breaker.retryAfterMs;
    expect(breaker.state).toBe('half_open');
  });

  test('good probes close it: the last but one does not, the last does', () => {
    const { breaker, failTimes, clock, changes } = makeBreaker({ ...options, successThreshold: 3 });
    failTimes(1);
    clock.advance(100);
    breaker.call(() => 1);
    breaker.call(() => 1);
    expect([breaker.state, breaker.successCount]).toEqual(['half_open', 2]);
    breaker.call(() => 1);
    expect([breaker.state, breaker.successCount]).toEqual(['closed', 0]);
    expect(changes.at(-1)).toMatchObject({ to: 'closed', reason: 'probes-succeeded' });
  });

  test('a failed probe opens it again', () => {
    const { breaker, failTimes, clock, changes } = makeBreaker(options);
    failTimes(1);
    clock.advance(100);
    failTimes(1);
    expect(breaker.state).toBe('open');
    expect(breaker.retryAfterMs).toBe(100);
    expect(changes.at(-1)).toMatchObject({ from: 'half_open', to: 'open', reason: 'probe-failed' });
  });

  test('so many probes run at a time, the rest are refused at once', async () => {
    const { breaker, failTimes, clock } = makeBreaker({
      ...options,
      halfOpenMaxCalls: 2,
      successThreshold: 3,
    });
    failTimes(1);
    clock.advance(100);
    const probes = [deferred(), deferred()];
    const results = probes.map(({ call }) => breaker.call(call));
    expect(() => breaker.call(() => 1)).toThrow('try again later');
    probes[0]!.resolve(1);
    await results[0];
    expect(breaker.call(() => 1)).toBe(1);
    expect(breaker.successCount).toBe(2);
    probes[1]!.resolve(1);
    await results[1];
    expect(breaker.state).toBe('closed');
  });

  test('an error that does not count is no good probe, and gives its place back', () => {
    const { breaker, failTimes, clock } = makeBreaker({ ...options, successThreshold: 1 });
    failTimes(1);
    clock.advance(100);
    expect(() => breaker.call(abort)).toThrow('stop');
    expect([breaker.state, breaker.successCount]).toEqual(['half_open', 0]);
    breaker.call(() => 1);
    expect(breaker.state).toBe('closed');
  });

  test('the pause may grow with each opening, and starts anew after closing', () => {
    const asked: number[] = [];
    const { breaker, failTimes, clock } = makeBreaker({
      failureThreshold: 1,
      successThreshold: 1,
      probeTimeoutMs: 1,
      recoveryTimeoutMs: (openCount) => {
        asked.push(openCount);
        return 100 * 2 ** (openCount - 1);
      },
    });
    failTimes(1);
    expect(breaker.retryAfterMs).toBe(100);
    clock.advance(100);
    failTimes(1);
    expect(breaker.retryAfterMs).toBe(200);
    clock.advance(200);
    failTimes(1);
    expect(breaker.retryAfterMs).toBe(400);
    clock.advance(400);
    breaker.call(() => 1);
    failTimes(1);
    expect(breaker.retryAfterMs).toBe(100);
    expect(asked).toEqual([1, 2, 3, 1]);
  });

  test('a pause that is a function is asked once for each opening; its probes have as long', () => {
    const asked: number[] = [];
    const { breaker, failTimes, clock } = makeBreaker({
      failureThreshold: 1,
      recoveryTimeoutMs: (openCount) => {
        asked.push(openCount);
        return 100 * openCount;
      },
    });
    failTimes(1);
    clock.advance(100);
    failTimes(1);
    clock.advance(200);
    breaker.acquire();
    clock.advance(199);
    expect(breaker.state).toBe('half_open');
    clock.advance(1);
    expect([breaker.state, breaker.retryAfterMs, asked]).toEqual(['open', 300, [1, 2, 3]]);
  });

  test.for([
    () => Number.NaN,
    () => -1,
    () => 'soon' as unknown as number,
    () => {
      throw new Error('broken');
    },
  ])('a pause that makes no sense is a minute, and reported', async (recoveryTimeoutMs) => {
    const { breaker, failTimes } = makeBreaker({ failureThreshold: 1, recoveryTimeoutMs });
    const warnings = await warningsDuring(() => failTimes(1));
    expect(breaker.retryAfterMs).toBe(60_000);
    expect(warnings).toEqual([expect.stringContaining('recoveryTimeoutMs')]);
  });

  test('a recovery timeout of 0 lets the next call through', () => {
    const { breaker, failTimes } = makeBreaker({ failureThreshold: 1, recoveryTimeoutMs: 0 });
    failTimes(1);
    expect(breaker.state).toBe('half_open');
    expect(breaker.call(() => 1)).toBe(1);
  });
});

describe('a hung probe', () => {
  const options = { failureThreshold: 1, recoveryTimeoutMs: 100, probeTimeoutMs: 30 };

  test('gives its place back as a failure once its time is over', () => {
    const { breaker, failTimes, clock, changes } = makeBreaker(options);
    failTimes(1);
    clock.advance(100);
    breaker.call(deferred().call);
    clock.advance(29.9);
    expect(breaker.state).toBe('half_open');
    clock.advance(0.1);
    expect([breaker.state, breaker.retryAfterMs]).toEqual(['open', 100]);
    expect(changes.at(-1)).toMatchObject({ to: 'open', reason: 'probe-timeout', at: 130 });
  });

  test('found out late, is dated when it was due: a caller after an idle hour is the next probe', () => {
    const { breaker, failTimes, clock } = makeBreaker({ ...options, successThreshold: 1 });
    failTimes(1);
    clock.advance(100);
    breaker.call(deferred().call);
    clock.advance(3_600_000);
    expect(breaker.call(() => 1)).toBe(1);
    expect(breaker.state).toBe('closed');
  });

  test('does not hold up the others for longer than its lease', async () => {
    const { breaker, failTimes, clock } = makeBreaker(options);
    failTimes(1);
    clock.advance(100);
    const hung = deferred();
    const result = breaker.call(hung.call);
    clock.advance(130);
    breaker.call(() => 1);
    expect(breaker.successCount).toBe(1);
    hung.reject(down);
    await expect(result).rejects.toBe(down);
    expect([breaker.state, breaker.successCount]).toEqual(['half_open', 1]);
  });

  test('has as long as the recovery timeout by default', () => {
    const { breaker, failTimes, clock } = makeBreaker({
      failureThreshold: 1,
      recoveryTimeoutMs: 100,
    });
    failTimes(1);
    clock.advance(100);
    breaker.acquire();
    clock.advance(99);
    expect(breaker.state).toBe('half_open');
    clock.advance(1);
    expect(breaker.state).toBe('open');
  });
});

describe('verdicts of an earlier period change nothing', () => {
  const options = { failureThreshold: 1, recoveryTimeoutMs: 100, successThreshold: 2 };

  test('a late failure does not open a half-open breaker again', async () => {
    const { breaker, failTimes, clock } = makeBreaker(options);
    const late = deferred();
    const result = breaker.call(late.call);
    failTimes(1);
    clock.advance(100);
    breaker.call(() => 1);
    late.reject(down);
    await expect(result).rejects.toBe(down);
    expect([breaker.state, breaker.successCount]).toEqual(['half_open', 1]);
  });

  test('a late success closes nothing', async () => {
    const { breaker, failTimes, clock } = makeBreaker({ ...options, successThreshold: 1 });
    const late = deferred();
    const result = breaker.call(late.call);
    failTimes(1);
    clock.advance(100);
    expect(breaker.state).toBe('half_open');
    late.resolve(1);
    await result;
    expect([breaker.state, breaker.successCount]).toEqual(['half_open', 0]);
  });

  test('a late failure does not count once it has closed again', async () => {
    const { breaker, failTimes, clock } = makeBreaker({ ...options, successThreshold: 1 });
    const late = deferred();
    const result = breaker.call(late.call);
    failTimes(1);
    clock.advance(100);
    breaker.call(() => 1);
    late.reject(down);
    await expect(result).rejects.toBe(down);
    expect([breaker.state, breaker.failureCount]).toEqual(['closed', 0]);
  });

  test('nor does one from before an isolation', async () => {
    const { breaker } = makeBreaker(options);
    const late = deferred();
    const result = breaker.call(late.call);
    breaker.isolate()[Symbol.dispose]();
    late.reject(down);
    await expect(result).rejects.toBe(down);
    expect([breaker.state, breaker.failureCount]).toEqual(['closed', 0]);
  });
});

describe('failure rate', () => {
  const failureRate = { threshold: 0.5, minimumCalls: 4, windowMs: 1000 };
  const options = { failureThreshold: 99, failureRate };
  const succeed = () => 1;

  test('opens at the threshold, not below, and not with fewer calls than the minimum', () => {
    const { breaker, failTimes, changes } = makeBreaker(options);
    failTimes(1);
    breaker.call(succeed);
    failTimes(1);
    expect(breaker.state).toBe('closed');
    breaker.call(succeed);
    expect(breaker.state).toBe('open');
    expect(changes.at(-1)).toMatchObject({ reason: 'failure-rate' });
  });

  test('stays closed below the threshold', () => {
    const { breaker, failTimes } = makeBreaker(options);
    for (let time = 0; time < 6; time++) breaker.call(succeed);
    failTimes(5);
    expect(breaker.state).toBe('closed');
    failTimes(1);
    expect(breaker.state).toBe('open');
  });

  test('forgets what has run out, to the millisecond', () => {
    const { breaker, failTimes, clock } = makeBreaker(options);
    failTimes(3);
    clock.advance(1000);
    failTimes(1);
    expect(breaker.state).toBe('closed');
    clock.advance(999);
    failTimes(3);
    expect(breaker.state).toBe('open');
  });

  test('one failure after an idle hour opens nothing', () => {
    const { breaker, failTimes, clock } = makeBreaker(options);
    failTimes(3);
    clock.advance(3_600_000);
    failTimes(1);
    expect(breaker.state).toBe('closed');
  });

  test('errors that do not count are no samples', () => {
    const { breaker, failTimes } = makeBreaker(options);
    for (let time = 0; time < 99; time++) expect(() => breaker.call(abort)).toThrow('stop');
    failTimes(3);
    breaker.call(succeed);
    expect(breaker.state).toBe('open');
  });

  test('the count in a row opens it by itself all the same', () => {
    const { breaker, failTimes } = makeBreaker({ ...options, failureThreshold: 2 });
    failTimes(2);
    expect(breaker.state).toBe('open');
  });

  test('the window starts anew at each change of state', () => {
    const { breaker, failTimes, clock } = makeBreaker({
      ...options,
      recoveryTimeoutMs: 10,
      successThreshold: 1,
    });
    failTimes(4);
    clock.advance(10);
    breaker.call(succeed);
    failTimes(3);
    expect(breaker.state).toBe('closed');
  });
});

describe('slow calls', () => {
  const slowCalls = { durationMs: 100, threshold: 0.5, minimumCalls: 2, windowMs: 1000 };

  test('open it by their share: 99.9 ms is not slow, 100 is', () => {
    const { breaker, clock, changes } = makeBreaker({ slowCalls });
    const take = (ms: number) => {
      const permit = breaker.acquire();
      clock.advance(ms);
      permit.succeed();
    };
    take(99.9);
    take(99.9);
    take(100);
    expect(breaker.state).toBe('closed');
    take(100);
    expect(breaker.state).toBe('open');
    expect(changes.at(-1)).toMatchObject({ reason: 'slow-calls' });
  });

  test('those still running count from the moment on that they are slow', () => {
    const { breaker, clock, changes } = makeBreaker({ slowCalls, recoveryTimeoutMs: 5000 });
    breaker.call(deferred().call);
    clock.advance(50);
    breaker.call(deferred().call);
    clock.advance(99.9);
    expect(breaker.state).toBe('closed');
    clock.advance(1000.1);
    expect(() => breaker.call(() => 1)).toThrow(CircuitOpenError);
    expect(changes).toMatchObject([{ to: 'open', at: 150, reason: 'slow-calls' }]);
  });

  test('a slow call is counted once, and its success still is a success', async () => {
    const { breaker, clock, failTimes } = makeBreaker({
      slowCalls: { ...slowCalls, minimumCalls: 3 },
      failureThreshold: 2,
    });
    failTimes(1);
    const slow = deferred();
    const result = breaker.call(slow.call);
    clock.advance(100);
    expect(breaker.state).toBe('closed');
    slow.resolve(1);
    await result;
    expect([breaker.state, breaker.failureCount]).toEqual(['closed', 0]);
  });

  test('ones that end without a verdict do not count', () => {
    const { breaker, clock } = makeBreaker({ slowCalls });
    for (let time = 0; time < 9; time++) breaker.acquire().release();
    clock.advance(100);
    expect(breaker.state).toBe('closed');
  });

  test('a sync call that takes long counts as well', () => {
    const { breaker, clock } = makeBreaker({ slowCalls });
    breaker.call(() => clock.advance(100));
    breaker.call(() => clock.advance(100));
    expect(breaker.state).toBe('open');
  });
});

describe('permits', () => {
  test('the first verdict counts', () => {
    const { breaker } = makeBreaker({ failureThreshold: 2 });
    const permit = breaker.acquire();
    permit.fail(down);
    permit.fail(down);
    permit.succeed();
    expect(breaker.failureCount).toBe(1);
    const other = breaker.acquire();
    other.release();
    other.fail(down);
    expect([breaker.state, breaker.failureCount]).toEqual(['closed', 1]);
  });

  test('release gives the place of a probe back without a verdict', () => {
    const { breaker, clock } = makeBreaker({ recoveryTimeoutMs: 10, successThreshold: 1 });
    breaker.open();
    clock.advance(10);
    const permit = breaker.acquire();
    expect(() => breaker.acquire()).toThrow(CircuitOpenError);
    permit.release();
    breaker.acquire().succeed();
    expect(breaker.state).toBe('closed');
  });

  test('an error that does not count is no verdict', () => {
    const { breaker } = makeBreaker({ failureThreshold: 1 });
    breaker.acquire().fail(new DOMException('stop', 'AbortError'));
    expect(breaker.state).toBe('closed');
    breaker.acquire().fail();
    expect(breaker.state).toBe('open');
  });
});

describe('by hand', () => {
  test('open and close', () => {
    const { breaker, clock, changes, failTimes } = makeBreaker({ recoveryTimeoutMs: 100 });
    failTimes(2);
    breaker.open('maintenance');
    clock.advance(60);
    breaker.open();
    expect(breaker.retryAfterMs).toBe(100);
    breaker.close();
    breaker.close();
    expect([breaker.state, breaker.failureCount]).toEqual(['closed', 0]);
    expect(changes.map(({ to, reason }) => [to, reason])).toEqual([
      ['open', 'maintenance'],
      ['closed', 'closed'],
    ]);
  });

  test('to open a half-open one is another opening, to open an open one is not', () => {
    const { breaker, clock } = makeBreaker({ recoveryTimeoutMs: (openCount) => 100 * openCount });
    breaker.open();
    breaker.open();
    expect(breaker.retryAfterMs).toBe(100);
    clock.advance(100);
    expect(breaker.state).toBe('half_open');
    breaker.open();
    expect([breaker.retryAfterMs, breaker.toJSON().openCount]).toEqual([200, 2]);
  });

  test('what time has brought about unnoticed comes first', () => {
    const { breaker, clock, changes } = makeBreaker({ recoveryTimeoutMs: (count) => 100 * count });
    breaker.open();
    clock.advance(150);
    breaker.open();
    expect(breaker.retryAfterMs).toBe(200);
    clock.advance(250);
    breaker.close();
    expect(changes.map(({ to, at }) => [to, at])).toEqual([
      ['open', 0],
      ['half_open', 100],
      ['open', 150],
      ['half_open', 350],
      ['closed', 400],
    ]);
  });

  test('isolation lasts as long as anyone holds it; then it is what it was', () => {
    const { breaker, failTimes, changes, clock } = makeBreaker({ recoveryTimeoutMs: 100 });
    failTimes(3);
    const one = breaker.isolate();
    const two = breaker.isolate();
    clock.advance(1e9);
    expect([breaker.state, breaker.retryAfterMs]).toEqual(['open', 0]);
    expect(() => breaker.call(() => 1)).toThrow('try again later');
    one[Symbol.dispose]();
    one[Symbol.dispose]();
    expect(breaker.state).toBe('open');
    two[Symbol.dispose]();
    expect([breaker.state, breaker.failureCount]).toEqual(['closed', 3]);
    expect(changes.map(({ reason }) => reason)).toEqual(['isolated', 'released']);
  });

  test('isolation of an open breaker ends as the state that is due by then', () => {
    const { breaker, clock } = makeBreaker({ recoveryTimeoutMs: 100 });
    breaker.open();
    {
      using _ = breaker.isolate();
      expect(breaker.retryAfterMs).toBe(100);
      clock.advance(100);
      expect(breaker.state).toBe('open');
    }
    expect(breaker.state).toBe('half_open');
  });

  test('isolation of a half-open breaker leaves no place taken', () => {
    const { breaker, clock } = makeBreaker({ recoveryTimeoutMs: 100 });
    breaker.open();
    clock.advance(100);
    breaker.acquire().succeed();
    const probe = breaker.acquire();
    breaker.isolate()[Symbol.dispose]();
    probe.fail(down);
    expect([breaker.state, breaker.successCount]).toEqual(['half_open', 1]);
    breaker.acquire().succeed();
    expect(breaker.state).toBe('closed');
  });
});

describe('snapshots', () => {
  test('carry the time that is left, not a reading of the clock', () => {
    const { breaker, clock, failTimes } = makeBreaker({
      failureThreshold: 1,
      recoveryTimeoutMs: 100,
    });
    failTimes(1);
    clock.advance(30);
    const snapshot = JSON.parse(JSON.stringify(breaker)) as ReturnType<typeof breaker.toJSON>;
    expect(snapshot).toEqual({
      name: 'test',
      state: 'open',
      failureCount: 0,
      successCount: 0,
      openCount: 1,
      retryAfterMs: 70,
    });
    const later = manualClock(1e6);
    const restored = CircuitBreaker.fromJSON(snapshot, { clock: later, recoveryTimeoutMs: 100 });
    later.advance(69);
    expect([restored.name, restored.state]).toEqual(['test', 'open']);
    later.advance(1);
    expect(restored.state).toBe('half_open');
  });

  test('keep what was counted', () => {
    const { breaker, failTimes, clock } = makeBreaker({
      failureThreshold: 3,
      recoveryTimeoutMs: (count) => 100 * count,
    });
    failTimes(2);
    const closed = CircuitBreaker.fromJSON(breaker.toJSON(), { failureThreshold: 3 });
    expect([closed.state, closed.failureCount]).toEqual(['closed', 2]);
    failTimes(1);
    clock.advance(100);
    breaker.call(() => 1);
    const half = CircuitBreaker.fromJSON(breaker.toJSON(), { recoveryTimeoutMs: (n) => 100 * n });
    expect([half.state, half.successCount]).toEqual(['half_open', 1]);
    expect(() => half.call(fail)).toThrow(down);
    expect(half.toJSON()).toMatchObject({ state: 'open', openCount: 2 });
    expect(half.retryAfterMs).toBeGreaterThan(100);
  });

  test('leave isolation out', () => {
    const { breaker } = makeBreaker();
    using _ = breaker.isolate();
    expect(breaker.state).toBe('open');
    expect(breaker.toJSON()).toMatchObject({ state: 'closed', openCount: 0 });
  });

  test('of an open breaker that was isolated carry what it was, and its time', () => {
    const { breaker, clock } = makeBreaker({ recoveryTimeoutMs: 100 });
    breaker.open();
    using _ = breaker.isolate();
    clock.advance(40);
    expect(breaker.toJSON()).toMatchObject({ state: 'open', openCount: 1, retryAfterMs: 60 });
    clock.advance(60);
    const later = manualClock();
    const restored = CircuitBreaker.fromJSON(breaker.toJSON(), { clock: later });
    expect(restored.state).toBe('half_open');
  });

  test('of a half-open breaker leave out who was under way: its places are free', () => {
    const { breaker, clock } = makeBreaker({ recoveryTimeoutMs: 100, successThreshold: 1 });
    breaker.open();
    clock.advance(100);
    breaker.acquire();
    const restored = CircuitBreaker.fromJSON(breaker.toJSON(), { successThreshold: 1 });
    expect(restored.call(() => 1)).toBe(1);
    expect(restored.state).toBe('closed');
  });

  const open = { name: 'a', state: 'open', failureCount: 0, successCount: 0 };
  test.for([
    null,
    {},
    { name: 'a', state: 'ajar' },
    [],
    'open',
    { ...open, openCount: 0, retryAfterMs: 5 },
    { ...open, openCount: 1, retryAfterMs: -5 },
    { ...open, openCount: 1, retryAfterMs: null },
    { ...open, openCount: 1.5, retryAfterMs: 5 },
  ])('refuses what is none: %o', (snapshot) => {
    expect(() => CircuitBreaker.fromJSON(snapshot as never)).toThrow(/Expected `snapshot/);
  });

  test.for([null, 5])('refuses options that are none: %o', (options) => {
    const { breaker } = makeBreaker();
    expect(() => CircuitBreaker.fromJSON(breaker.toJSON(), options as never)).toThrow(
      'Expected `options` to be an object',
    );
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
