import { callHook } from '@kortana/errors';
import type { CheckedBreakerOptions } from './breaker-options.ts';
import {
  beneath,
  type Call,
  type Closed,
  type HalfOpen,
  type NaturalPhase,
  type Open,
  type Phase,
  type Probe,
  stateOf,
  type Trial,
} from './phase.ts';
import { RateWindow } from './rate-window.ts';
import { SlowCalls } from './slow-calls.ts';

/** How a trial went; `none`: it says nothing about what was called. */
export type Verdict = 'good' | 'bad' | 'none';

/**
 * The states of a breaker, and what leads from one to another.
 *
 *     closed ── failures · failure rate · slow calls ──► open ── recoveryTimeoutMs ──► half open
 *        ▲                                                ▲                               │  │
 *        │                                                └── a probe failed or hangs ────┘  │
 *        └──────────────────────── successThreshold good probes ─────────────────────────────┘
 *
 * No timer runs: whoever looks first brings it up to date, with each change dated when it was due.
 */
export class StateMachine {
  phase: Phase;
  readonly #options: CheckedBreakerOptions;

  constructor(options: CheckedBreakerOptions) {
    this.#options = options;
    this.phase = this.closed(0);
  }

  /** Makes the changes that time alone has brought about. */
  upToDate(): Phase {
    for (;;) {
      const { phase } = this;
      const due = this.#dueChange(phase);
      if (due === undefined) return phase;
      due();
    }
  }

  #dueChange(phase: Phase): (() => void) | undefined {
    switch (phase.kind) {
      case 'closed': {
        const openedAt = phase.slowCalls?.countOverdue(this.now());
        return openedAt === undefined ? undefined : () => this.open('slow-calls', openedAt);
      }
      case 'open': {
        const { until } = phase;
        if (this.now() < until) return undefined;
        return () => this.become(this.halfOpen(phase, 0), 'recovery-timeout', until);
      }
      case 'half_open': {
        const [oldest] = phase.probes;
        if (oldest === undefined || this.now() < oldest.deadline) return undefined;
        return () => this.open('probe-timeout', oldest.deadline);
      }
      case 'isolated':
        return undefined;
    }
  }

  /** Lets a call through, or (undefined) refuses it. */
  admit(): Trial | undefined {
    const phase = this.upToDate();
    if (phase.kind === 'closed') return { phase, running: phase.slowCalls?.start(this.now()) };
    if (phase.kind !== 'half_open') return undefined;
    if (phase.probes.size >= this.#options.halfOpenMaxCalls) return undefined;
    const probe = { phase, deadline: this.now() + phase.leaseMs };
    phase.probes.add(probe);
    return probe;
  }

  verdictOn(error: unknown): Verdict {
    return this.#options.counts(error) ? 'bad' : 'none';
  }

  /** To be called once for a trial. Of one that began in an earlier phase nothing is learnt. */
  settle(trial: Trial, verdict: Verdict): void {
    if (this.upToDate() !== trial.phase) return;
    if (trial.phase.kind === 'closed') this.#settleCall(trial as Call, verdict);
    else this.#settleProbe(trial as Probe, verdict);
  }

  /** All that a success means where nothing but failures in a row are counted. */
  #forgive(phase: Closed): void {
    if (this.phase === phase) phase.failures = 0;
  }

  #settleCall({ phase, running }: Call, verdict: Verdict): void {
    if (verdict === 'none') {
      if (running !== undefined) phase.slowCalls?.leave(running);
      return;
    }
    const failed = verdict === 'bad';
    phase.failures = failed ? phase.failures + 1 : 0;
    const { failureRate, slowCalls } = phase;
    if (phase.failures >= this.#options.failureThreshold) this.open('failures');
    else if (failureRate?.add(failed, this.now()) === true) this.open('failure-rate');
    else if (running !== undefined && slowCalls?.end(running, this.now()) === true) {
      this.open('slow-calls');
    }
  }

  #settleProbe(probe: Probe, verdict: Verdict): void {
    const { phase } = probe;
    phase.probes.delete(probe);
    if (verdict === 'bad') this.open('probe-failed');
    else if (verdict === 'good' && ++phase.successes >= this.#options.successThreshold) {
      this.become(this.closed(0), 'probes-succeeded');
    }
  }

  /** Opens it; if it is open already, the same opening begins anew. */
  open(reason: string, at = this.now()): void {
    const phase = beneath(this.phase);
    const earlier = phase.kind === 'closed' ? 0 : phase.openCount;
    this.become(this.opened(phase.kind === 'open' ? earlier : earlier + 1, at), reason, at);
  }

  become(next: NaturalPhase, reason: string, at = this.now()): void {
    const { phase } = this;
    this.#change(phase.kind === 'isolated' ? { ...phase, beneath: next } : next, reason, at);
  }

  isolate(holder: object): void {
    const phase = this.upToDate();
    if (phase.kind === 'isolated') phase.holders.add(holder);
    else {
      const isolated = { beneath: this.#renewed(phase), holders: new Set([holder]) };
      this.#change({ kind: 'isolated', ...isolated }, 'isolated', this.now());
    }
  }

  release(holder: object): void {
    const { phase } = this;
    if (phase.kind !== 'isolated' || !phase.holders.delete(holder)) return;
    if (phase.holders.size === 0) this.#change(beneath(phase), 'released', this.now());
  }

  #change(next: Phase, reason: string, at: number): void {
    const from = stateOf(this.phase);
    const to = stateOf(next);
    this.phase = next;
    if (from === to) return;
    const { name, onStateChange } = this.#options;
    callHook('onStateChange', onStateChange, [{ name, from, to, reason, at }]);
  }

  closed(
    failures: number,
    failureRate = this.#options.failureRate && new RateWindow(this.#options.failureRate),
    slowCalls = this.#options.slowCalls && new SlowCalls(this.#options.slowCalls),
  ): Closed {
    const isCounted = failureRate !== undefined || slowCalls !== undefined;
    const phase: Closed = {
      kind: 'closed',
      failures,
      failureRate,
      slowCalls,
      onValue: isCounted ? () => this.settle(call, 'good') : () => this.#forgive(phase),
      onError: (error) => this.settle(call, this.verdictOn(error)),
    };
    const call = { phase, running: undefined };
    return phase;
  }

  /** @param leftMs of the pause, when it began elsewhere */
  opened(openCount: number, at: number, leftMs?: number): Open {
    const pauseMs = this.#options.recoveryMs(openCount);
    return { kind: 'open', openCount, pauseMs, until: at + (leftMs ?? pauseMs) };
  }

  halfOpen({ openCount, pauseMs }: Open, successes: number): HalfOpen {
    const leaseMs = (this.#options.probeTimeoutMs ?? pauseMs) || 60_000;
    return { kind: 'half_open', openCount, leaseMs, successes, probes: new Set() };
  }

  /** The same phase, but the calls that are under way don't belong to it any more. */
  #renewed(phase: NaturalPhase): NaturalPhase {
    if (phase.kind === 'open') return phase;
    if (phase.kind === 'half_open') return { ...phase, probes: new Set() };
    const { slowCalls: limits } = this.#options;
    const { failures, failureRate, slowCalls } = phase;
    return this.closed(failures, failureRate, limits && slowCalls?.renewed(limits));
  }

  now(): number {
    return this.#options.clock.now();
  }
}
