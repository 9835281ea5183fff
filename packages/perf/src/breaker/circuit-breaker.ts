import { checkFunction, checkObject, checkString } from '@kortana/errors';
import { type BreakerOptions, checkedBreakerOptions } from './breaker-options.ts';
import { type BreakerSnapshot, checkedSnapshot } from './breaker-snapshot.ts';
import { CircuitOpenError } from './circuit-open-error.ts';
import { CircuitState } from './circuit-state.ts';
import { Permit } from './permit.ts';
import { beneath, type Closed, type Phase, stateOf, type Trial } from './phase.ts';
import { observeCall, observeResult } from '../observe-call.ts';
import { rejected } from '../rejected.ts';
import { StateMachine } from './state-machine.ts';

type Callable<This, A extends unknown[], R> = (this: This, ...args: A) => R;

/**
 * Stops calling what keeps failing, and lets a few calls through from time to time to see whether
 * it is well again. The states and what leads from one to another: `state-machine.ts`.
 *
 *     const breaker = new CircuitBreaker({ name: 'weather', failureThreshold: 3 });
 *     const forecast = await breaker.call(fetchForecast, 'Riga');
 */
export class CircuitBreaker {
  /** For errors and events. */
  readonly name: string;
  readonly #machine: StateMachine;

  /** @throws TypeError, RangeError for a wrong option */
  constructor(options: BreakerOptions = {}) {
    const checked = checkedBreakerOptions(options);
    this.name = checked.name;
    this.#machine = new StateMachine(checked);
  }

  get state(): CircuitState {
    return stateOf(this.#machine.upToDate());
  }

  /** Counted failures in a row while closed, else 0. */
  get failureCount(): number {
    const phase = beneath(this.#machine.upToDate());
    return phase.kind === 'closed' ? phase.failures : 0;
  }

  /** Good probes while half open, else 0. */
  get successCount(): number {
    const phase = beneath(this.#machine.upToDate());
    return phase.kind === 'half_open' ? phase.successes : 0;
  }

  /**
   * How long it stays open, in whole milliseconds: to wait so long is enough. 0 where no time is known:
   * unless open, or when isolated while it wasn't.
   */
  get retryAfterMs(): number {
    const phase = beneath(this.#machine.upToDate());
    return phase.kind === 'open' ? timeUntil(phase.until, this.#machine.now()) : 0;
  }

  /**
   * Calls `fn(...args)` and learns from how it ends, for a promise when it settles. Gives back and
   * throws just what `fn` does. Of a generator or a stream it only sees the making: see `acquire`.
   *
   * @throws CircuitOpenError while it refuses; for an `async function` as a rejection
   */
  call<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): R {
    if (typeof fn !== 'function') checkFunction('fn', fn);
    const { phase } = this.#machine;
    if (!isSimple(phase)) return this.#run(fn, undefined, args);
    // As in `#runClosed`, but here: to hand the arguments on costs as much as all the rest.
    let result: R;
    try {
      result = fn(...args);
    } catch (error) {
      phase.onError(error);
      throw error;
    }
    return observeResult(result, phase.onValue, phase.onError);
  }

  /** `fn`, called through this breaker; `this` is passed on. */
  wrap<F extends Callable<never, never, unknown>>(fn: F): F {
    const run = (self: never, args: never) => this.#run(fn, self, args);
    checkFunction('fn', fn);
    const wrapped = function (this: never, ...args: never): unknown {
      return run(this, args);
    };
    return Object.defineProperty(wrapped, 'name', { value: fn.name, configurable: true }) as F;
  }

  /**
   * For work that doesn't end with a promise, like a stream: take a permit first, and say how it
   * went. The first verdict counts.
   *
   * @throws CircuitOpenError while it refuses
   */
  acquire(): Permit {
    const trial = this.#machine.admit();
    if (trial === undefined) throw this.#refusal();
    return new Permit(this.#machine, trial);
  }

  /** Opens it as if it had failed; if it is open already, the pause begins anew. */
  open(reason = 'opened'): void {
    checkString('reason', reason);
    this.#machine.upToDate();
    this.#machine.open(reason);
  }

  /** Closes it, with all counts at 0. */
  close(): void {
    this.#machine.upToDate();
    this.#machine.become(this.#machine.closed(0), 'closed');
  }

  /** Forces it open until each holder has let go; then it is what it was. */
  isolate(): Disposable {
    const holder = { [Symbol.dispose]: () => this.#machine.release(holder) };
    this.#machine.isolate(holder);
    return holder;
  }

  /** Plain data for another process or a later start; carries the time left, not a clock's reading. */
  toJSON(): BreakerSnapshot {
    const phase = beneath(this.#machine.upToDate());
    return {
      name: this.name,
      state: stateOf(phase),
      failureCount: this.failureCount,
      successCount: this.successCount,
      openCount: phase.kind === 'closed' ? 0 : phase.openCount,
      retryAfterMs: this.retryAfterMs,
    };
  }

  /** @throws TypeError, RangeError for what isn't a snapshot, or a wrong option */
  static fromJSON(snapshot: BreakerSnapshot, options: BreakerOptions = {}): CircuitBreaker {
    const { name, state, failureCount, successCount, openCount, retryAfterMs } =
      checkedSnapshot(snapshot);
    const given = { ...checkObject('options', options) };
    const breaker = new CircuitBreaker({
      ...given,
      name: given.name === undefined ? name : given.name,
    });
    const machine = breaker.#machine;
    if (state === CircuitState.CLOSED) machine.phase = machine.closed(failureCount);
    else {
      const open = machine.opened(openCount, machine.now(), retryAfterMs);
      machine.phase = state === CircuitState.OPEN ? open : machine.halfOpen(open, successCount);
    }
    return breaker;
  }

  #run<This, A extends unknown[], R>(fn: Callable<This, A, R>, self: This, args: A): R {
    const { phase } = this.#machine;
    if (isSimple(phase)) return this.#runClosed(fn, self, args, phase);
    const trial = this.#machine.admit();
    if (trial !== undefined) return this.#runTrial(fn, self, args, trial);
    if (isAsync(fn)) return rejected(this.#refusal()) as R;
    throw this.#refusal();
  }

  /** The usual way, and the short one: nothing is made but what `then` makes. */
  #runClosed<This, A extends unknown[], R>(
    fn: Callable<This, A, R>,
    self: This,
    args: A,
    phase: Closed,
  ): R {
    let result: R;
    try {
      result = fn.apply(self, args);
    } catch (error) {
      phase.onError(error);
      throw error;
    }
    return observeResult(result, phase.onValue, phase.onError);
  }

  /** Apart, because what its closures refer to would be allocated for the short way, too. */
  #runTrial<This, A extends unknown[], R>(
    fn: Callable<This, A, R>,
    self: This,
    args: A,
    trial: Trial,
  ): R {
    const machine = this.#machine;
    return observeCall(
      () => fn.apply(self, args),
      (success, error) => machine.settle(trial, success ? 'good' : machine.verdictOn(error)),
    );
  }

  #refusal(): CircuitOpenError {
    return new CircuitOpenError(this.name, this.retryAfterMs);
  }
}

/** Whether each call is let through and is nothing but good or bad, however long it takes. */
function isSimple(phase: Phase): phase is Closed {
  return phase.kind === 'closed' && phase.slowCalls === undefined;
}

/**
 * In whole milliseconds, for timers cut off the rest, and so many that `now` plus it isn't before the
 * moment, in spite of how floating-point numbers round.
 */
function timeUntil(moment: number, now: number): number {
  const left = Math.max(0, Math.ceil(moment - now));
  return now + left < moment ? left + 1 : left;
}

const asyncFunction = Object.getPrototypeOf(async () => {}) as object;

function isAsync(fn: (...args: never[]) => unknown): boolean {
  return Object.getPrototypeOf(fn) === asyncFunction;
}
