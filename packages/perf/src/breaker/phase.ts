import { CircuitState } from './circuit-state.ts';
import type { RateWindow } from './rate-window.ts';
import type { Running, SlowCalls } from './slow-calls.ts';

/**
 * What a breaker is in, from one change of state to the next. Each change makes a new object, so a
 * call that remembers the phase it began in is recognised as one of an earlier period.
 */
export type Phase = NaturalPhase | Isolated;
export type NaturalPhase = Closed | Open | HalfOpen;

export interface Closed {
  readonly kind: 'closed';
  /** Counted failures in a row. */
  failures: number;
  readonly failureRate: RateWindow | undefined;
  readonly slowCalls: SlowCalls | undefined;
  /** The two ends of an asynchronous call, made once for all calls of the phase. */
  readonly onValue: () => void;
  readonly onError: (error: unknown) => void;
}

export interface Open {
  readonly kind: 'open';
  readonly until: number;
  /** How often it opened without closing in between. */
  readonly openCount: number;
  /** How long it was to stay open from the start. */
  readonly pauseMs: number;
}

export interface HalfOpen {
  readonly kind: 'half_open';
  readonly openCount: number;
  /** How long a probe may take. */
  readonly leaseMs: number;
  successes: number;
  /** In the order of their start, which is the order of their deadlines. */
  readonly probes: Set<Probe>;
}

/** Forced open, over what it was and will be again. */
export interface Isolated {
  readonly kind: 'isolated';
  readonly beneath: NaturalPhase;
  readonly holders: Set<object>;
}

/** A call that was let through, and in which phase. */
export type Trial = Call | Probe;

export interface Call {
  readonly phase: Closed;
  /** Where slow calls count. */
  readonly running: Running | undefined;
}

export interface Probe {
  readonly phase: HalfOpen;
  /** Not settled by then, it is a failure. */
  readonly deadline: number;
}

export function stateOf(phase: Phase): CircuitState {
  return phase.kind === 'isolated' ? CircuitState.OPEN : phase.kind;
}

export function beneath(phase: Phase): NaturalPhase {
  return phase.kind === 'isolated' ? phase.beneath : phase;
}
