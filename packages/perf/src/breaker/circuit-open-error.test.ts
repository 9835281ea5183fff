import { execFileSync } from 'node:child_process';
import { describe, expect, test, vi } from 'vitest';
import { makeBreaker } from '../../test/make-breaker.ts';
import { CircuitOpenError } from './circuit-open-error.ts';

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
