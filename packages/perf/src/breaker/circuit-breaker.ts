import { callHook } from '@kortana/errors';
import {
  type BreakerOptions,
  type CheckedBreakerOptions,
  checkedBreakerOptions,
} from './breaker-options.ts';
import { type BreakerSnapshot, checkedSnapshot } from './breaker-snapshot.ts';
import { CircuitOpenError } from './circuit-open-error.ts';
import { CircuitState } from './circuit-state.ts';
import { Permit } from './permit.ts';
import type { Closed, HalfOpen, Open, Phase } from './phase.ts';
import { RateWindow } from './rate-window.ts';
import { SlowCalls } from './slow-calls.ts';

/**
 * Stops calling what keeps failing, and lets a few calls through from time to time to see whether
 * it is well again.
 *
 *     closed ── failures · failure rate · slow calls ──► open ── recoveryTimeoutMs ──► half open
 *        ▲                                                ▲                               │  │
 *        │                                                └── a probe failed or hangs ────┘  │
 *        └──────────────────────── successThreshold good probes ─────────────────────────────┘
 *
 * No timer runs: whoever looks at it or calls through it first brings it up to date, with each
 * change dated when it was due. A verdict counts only in the phase in which its call began.
 */
export class CircuitBreaker {
  readonly #options: CheckedBreakerOptions;
  #phase: Phase;

  /** @throws TypeError, RangeError for a wrong option */
  constructor(options: BreakerOptions = {}) {
    this.#options = checkedBreakerOptions(options);
    this.#phase = this.#closed();
  }

  get name(): string {
    return this.#options.name;
  }

  get state(): CircuitState {
    return stateOf(this.#upToDate());
  }

  /** Counted failures in a row while closed, else 0. */
  get failureCount(): number {
    const phase = beneath(this.#upToDate());
    return phase.kind === 'closed' ? phase.failures : 0;
  }

  /** Good probes while half open, else 0. */
  get successCount(): number {
    const phase = beneath(this.#upToDate());
    return phase.kind === 'half_open' ? phase.successes : 0;
  }

  /** How long it stays open, in milliseconds; 0 unless open, or when isolated while it wasn't. */
  get retryAfterMs(): number {
    const phase = beneath(this.#upToDate());
    return phase.kind === 'open' ? phase.until - this.#now() : 0;
  }

  /**
   * Calls `fn(...args)` and learns from how it ends, for a promise when it settles. Gives back and
   * throws just what `fn` does.
   *
   * @throws CircuitOpenError while it refuses; for an `async function` as a rejection
   */
  call<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): R {
    return this.#run(fn, undefined, args);
  }

  /** `fn`, called through this breaker; `this` is passed on. */
  wrap<This, A extends unknown[], R>(fn: (this: This, ...args: A) => R): typeof fn {
    const run = (self: This, args: A) => this.#run(fn, self, args);
    const wrapped = function (this: This, ...args: A): R {
      return run(this, args);
    };
    return Object.defineProperty(wrapped, 'name', { value: fn.name, configurable: true });
  }

  /**
   * For work that doesn't end with a promise, like a stream: take a permit first, and say how it
   * went. The first verdict counts.
   *
   * @throws CircuitOpenError while it refuses
   */
  acquire(): Permit {
    const phase = this.#upToDate();
    if (phase.kind === 'closed') {
      const running = phase.slowCalls?.start(this.#now());
      return new Permit({
        succeed: () => this.#good(phase, running),
        fail: (error) => this.#bad(phase, error, running),
        release: () => running && phase.slowCalls?.leave(running),
      });
    }
    if (phase.kind === 'half_open' && phase.probes.size < this.#options.halfOpenMaxCalls) {
      const probe = { deadline: this.#now() + phase.leaseMs };
      phase.probes.add(probe);
      const end = (verdict: () => void) => {
        this.#upToDate();
        if (phase.probes.delete(probe) && this.#phase === phase) verdict();
      };
      return new Permit({
        succeed: () => end(() => this.#goodProbe(phase)),
        fail: (error) =>
          end(() => {
            if (this.#options.counts(error)) this.#open('probe-failed', phase.openCount + 1);
          }),
        release: () => end(() => {}),
      });
    }
    throw new CircuitOpenError(this.name, this.retryAfterMs);
  }

  /** Opens it as if it had failed; if it is open already, the pause begins anew. */
  open(reason = 'opened'): void {
    const phase = beneath(this.#upToDate());
    this.#open(reason, phase.kind === 'closed' ? 1 : phase.openCount);
  }

  close(): void {
    this.#upToDate();
    this.#become(this.#closed(), 'closed');
  }

  /** Forces it open until each holder has let go; then it is what it was. */
  isolate(): Disposable {
    const phase = this.#upToDate();
    const holder = { [Symbol.dispose]: () => this.#letGo(holder) };
    if (phase.kind === 'isolated') phase.holders.add(holder);
    else {
      const isolated = {
        kind: 'isolated' as const,
        beneath: this.#renewed(phase),
        holders: new Set([holder]),
      };
      this.#change(isolated, 'isolated', this.#now());
    }
    return holder;
  }

  #letGo(holder: object): void {
    const phase = this.#phase;
    if (phase.kind !== 'isolated' || !phase.holders.delete(holder)) return;
    if (phase.holders.size === 0) this.#change(phase.beneath, 'released', this.#now());
  }

  /** Plain data for another process or a later start; carries the time left, not a clock's reading. */
  toJSON(): BreakerSnapshot {
    const phase = beneath(this.#upToDate());
    return {
      name: this.name,
      state: stateOf(phase),
      failureCount: this.failureCount,
      successCount: this.successCount,
      openCount: phase.kind === 'closed' ? 0 : phase.openCount,
      retryAfterMs: this.retryAfterMs,
    };
  }

  /** @throws TypeError, RangeError for what isn't a snapshot */
  static fromJSON(snapshot: BreakerSnapshot, options: BreakerOptions = {}): CircuitBreaker {
    const { name, state, failureCount, successCount, openCount, retryAfterMs } =
      checkedSnapshot(snapshot);
    const breaker = new CircuitBreaker({ ...options, name: options.name ?? name });
    if (state === CircuitState.CLOSED) breaker.#phase = breaker.#closed(failureCount);
    else if (state === CircuitState.OPEN) {
      breaker.#phase = { kind: 'open', until: breaker.#now() + retryAfterMs, openCount };
    } else breaker.#phase = breaker.#halfOpen(openCount, successCount);
    return breaker;
  }

  // The way of a call

  #run<This, A extends unknown[], R>(fn: (this: This, ...args: A) => R, self: This, args: A): R {
    const phase = this.#phase;
    if (phase.kind !== 'closed' || phase.slowCalls !== undefined)
      return this.#watch(fn, self, args);
    let result: R;
    try {
      result = fn.apply(self, args);
    } catch (error) {
      this.#bad(phase, error);
      throw error;
    }
    if (result instanceof Promise) return result.then(phase.onValue, phase.onError) as R;
    if (isThenable(result)) return Promise.resolve(result).then(phase.onValue, phase.onError) as R;
    this.#good(phase);
    return result;
  }

  #watch<This, A extends unknown[], R>(fn: (this: This, ...args: A) => R, self: This, args: A): R {
    let permit: Permit;
    try {
      permit = this.acquire();
    } catch (refusal) {
      if (isAsync(fn)) return Promise.reject(refusal) as R;
      throw refusal;
    }
    let result: R;
    try {
      result = fn.apply(self, args);
    } catch (error) {
      permit.fail(error);
      throw error;
    }
    if (!isThenable(result)) {
      permit.succeed();
      return result;
    }
    return Promise.resolve(result).then(
      (value) => {
        permit.succeed();
        return value;
      },
      (error: unknown) => {
        permit.fail(error);
        throw error;
      },
    ) as R;
  }

  // Verdicts

  #good(phase: Closed, running?: { startedAt: number }): void {
    if (!this.#isPresent(phase)) return;
    phase.failures = 0;
    this.#sample(phase, false, running);
  }

  #bad(phase: Closed, error: unknown, running?: { startedAt: number }): void {
    if (!this.#isPresent(phase)) return;
    if (!this.#options.counts(error)) {
      if (running !== undefined) phase.slowCalls?.leave(running);
      return;
    }
    phase.failures++;
    this.#sample(phase, true, running);
    if (this.#phase === phase && phase.failures >= this.#options.failureThreshold)
      this.#open('failures', 1);
  }

  #sample(phase: Closed, failed: boolean, running: { startedAt: number } | undefined): void {
    if (phase.failureRate?.add(failed, this.#now()) === true) this.#open('failure-rate', 1);
    else if (running !== undefined && phase.slowCalls?.end(running, this.#now()) === true)
      this.#open('slow-calls', 1);
  }

  #goodProbe(phase: HalfOpen): void {
    phase.successes++;
    if (phase.successes >= this.#options.successThreshold) {
      this.#become(this.#closed(), 'probes-succeeded');
    }
  }

  #isPresent(phase: Closed): boolean {
    return (phase.slowCalls === undefined ? this.#phase : this.#upToDate()) === phase;
  }

  // Changes of state

  /** Makes the changes that time alone has brought about. */
  #upToDate(): Phase {
    for (;;) {
      const phase = this.#phase;
      if (phase.kind === 'closed') {
        const openedAt = phase.slowCalls?.countOverdue(this.#now());
        if (openedAt === undefined) return phase;
        this.#open('slow-calls', 1, openedAt);
      } else if (phase.kind === 'open') {
        if (this.#now() < phase.until) return phase;
        this.#become(this.#halfOpen(phase.openCount), 'recovery-timeout', phase.until);
      } else if (phase.kind === 'half_open') {
        const [oldest] = phase.probes;
        if (oldest === undefined || this.#now() < oldest.deadline) return phase;
        this.#open('probe-timeout', phase.openCount + 1, oldest.deadline);
      } else return phase;
    }
  }

  #open(reason: string, openCount: number, at = this.#now()): void {
    const until = at + this.#options.recoveryMs(openCount);
    this.#become({ kind: 'open', until, openCount }, reason, at);
  }

  #become(next: Closed | Open | HalfOpen, reason: string, at = this.#now()): void {
    const phase = this.#phase;
    this.#change(phase.kind === 'isolated' ? { ...phase, beneath: next } : next, reason, at);
  }

  #change(next: Phase, reason: string, at: number): void {
    const from = stateOf(this.#phase);
    const to = stateOf(next);
    this.#phase = next;
    const { name, onStateChange } = this.#options;
    if (from !== to) callHook('onStateChange', onStateChange, [{ name, from, to, reason, at }]);
  }

  #closed(failures = 0, failureRate = this.#newWindow(), slowCalls = this.#newSlowCalls()): Closed {
    const phase: Closed = {
      kind: 'closed',
      failures,
      failureRate,
      slowCalls,
      onValue: (value) => {
        this.#good(phase);
        return value;
      },
      onError: (error) => {
        this.#bad(phase, error);
        throw error;
      },
    };
    return phase;
  }

  #newWindow(): RateWindow | undefined {
    const { failureRate } = this.#options;
    return failureRate && new RateWindow(failureRate);
  }

  #newSlowCalls(): SlowCalls | undefined {
    const { slowCalls } = this.#options;
    return slowCalls && new SlowCalls(slowCalls);
  }

  #halfOpen(openCount: number, successes = 0): HalfOpen {
    const { probeTimeoutMs, recoveryMs } = this.#options;
    const leaseMs = (probeTimeoutMs ?? recoveryMs(openCount)) || 60_000;
    return { kind: 'half_open', openCount, leaseMs, successes, probes: new Set() };
  }

  /** The same phase, but the calls that are under way don't belong to it any more. */
  #renewed(phase: Closed | Open | HalfOpen): Closed | Open | HalfOpen {
    if (phase.kind === 'open') return phase;
    if (phase.kind === 'half_open') return { ...phase, probes: new Set() };
    const { slowCalls } = this.#options;
    return this.#closed(
      phase.failures,
      phase.failureRate,
      slowCalls && phase.slowCalls?.renewed(slowCalls),
    );
  }

  #now(): number {
    return this.#options.clock.now();
  }
}

function stateOf(phase: Phase): CircuitState {
  return phase.kind === 'isolated' ? CircuitState.OPEN : phase.kind;
}

function beneath(phase: Phase): Closed | Open | HalfOpen {
  return phase.kind === 'isolated' ? phase.beneath : phase;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}

const asyncFunction = Object.getPrototypeOf(async () => {}) as object;

function isAsync(fn: (...args: never[]) => unknown): boolean {
  return Object.getPrototypeOf(fn) === asyncFunction;
}
