import {
  callHook,
  checkFunction,
  checkMethods,
  checkNumber,
  checkObject,
  checkString,
} from '@kortana/errors';
import { type Clock, systemClock } from '../clock/clock.ts';
import { MetricsCollector } from '../metrics/metrics-collector.ts';
import { observeCall } from '../observe-call.ts';
import {
  type AnyFunction,
  type FunctionDecorator,
  functionDecorator,
} from './function-decorator.ts';

export interface Timing {
  name: string;
  durationMs: number;
  success: boolean;
  /** Whether it took `slowMs` or longer. */
  slow: boolean;
}

export interface TimedExecutionOptions {
  /** What it is recorded as; default: the function's or method's name. */
  name?: string | undefined;
  /** Where it is recorded; default: a collector of its own, `.metrics` of the result. */
  metrics?: MetricsCollector | undefined;
  /** From how many milliseconds on a call is slow, from 0 up; default: 100. */
  slowMs?: number | undefined;
  /** Told of each call when it has ended. */
  onTiming?: ((timing: Timing) => void) | undefined;
  /** Default: `performance.now`. */
  clock?: Clock | undefined;
}

/**
 * Measures each call of a function or method, sync or async; results and errors pass untouched.
 *
 *     const load = timedExecution('database')(loadFromDatabase);
 *     class Users { @timedExecution({ metrics }) async find(id: string) { … } }
 */
export function timedExecution(
  options: string | TimedExecutionOptions = {},
): FunctionDecorator<{ readonly metrics: MetricsCollector }> {
  const {
    name: given,
    slowMs = 100,
    metrics = new MetricsCollector(),
    onTiming,
    clock = systemClock,
  } = typeof options === 'string' ? { name: options } : checkObject('options', options);
  if (given !== undefined) checkString('name', given);
  checkNumber('slowMs', slowMs, { min: 0, infinite: true });
  checkMethods('metrics', metrics, ['record']);
  checkMethods('clock', clock, ['now']);
  if (onTiming !== undefined) checkFunction('onTiming', onTiming);
  const record: MetricsCollector['record'] = (...call) => metrics.record(...call);

  return functionDecorator(<F extends AnyFunction>(fn: F, itsName: string) => {
    const name = given ?? itsName;
    const timed = function (this: unknown, ...args: never[]): unknown {
      const start = clock.now();
      return observeCall(
        () => fn.apply(this, args),
        (success) => {
          const durationMs = clock.now() - start;
          callHook('metrics', record, [name, durationMs, success]);
          const timing = { name, durationMs, success, slow: durationMs >= slowMs };
          callHook('onTiming', onTiming, [timing]);
        },
      );
    };
    Object.defineProperty(timed, 'name', { value: fn.name, configurable: true });
    return Object.assign(timed, { metrics }) as unknown as F & {
      readonly metrics: MetricsCollector;
    };
  });
}
