import { checkMethods, checkNumber, checkObject } from '@kortana/errors';
import { type Clock, systemClock } from '@kortana/perf';

export interface RetryBudgetOptions {
  /** Extra calls allowed for each first call of the window, from 0 up; default: 0.2. */
  ratio?: number | undefined;
  /** Extra calls allowed in any case, per second of the window, from 0 up; default: 1. */
  minPerSecond?: number | undefined;
  /** How far back calls count, in milliseconds above 0; default: 10 000. */
  windowMs?: number | undefined;
  /** Monotonic, in milliseconds; default: `performance`. */
  clock?: Clock | undefined;
}

/** What came within a tenth of a window, from its first call to its last. */
interface Slot {
  readonly from: number;
  until: number;
  calls: number;
  extra: number;
}

/**
 * Calls are counted together for a tenth of the window: constant memory, and none is forgotten before
 * its time; at most a tenth of a window too late.
 */
const slotsPerWindow = 10;

/**
 * Bounds the extra calls (retries, hedges, continuations) of all who share it: within a window at
 * most `ratio` of the first calls, or `minPerSecond` where that is more. So an outage multiplies
 * the load by at most `1 + ratio`, however many callers retry. (The idea is Finagle's.)
 */
export class RetryBudget {
  readonly #ratio: number;
  readonly #least: number;
  readonly #windowMs: number;
  readonly #clock: Clock;
  #slots: Slot[] = [];

  constructor(options: RetryBudgetOptions = {}) {
    const {
      ratio = 0.2,
      minPerSecond = 1,
      windowMs = 10_000,
      clock = systemClock,
    } = checkObject('options', options);
    this.#ratio = checkNumber('ratio', ratio, { min: 0 });
    this.#windowMs = checkNumber('windowMs', windowMs, { above: 0 });
    this.#least = (checkNumber('minPerSecond', minPerSecond, { min: 0 }) * windowMs) / 1000;
    this.#clock = checkMethods('clock', clock, ['now']);
  }

  /** To be told of each first call. */
  countCall(): void {
    this.#slot().calls++;
  }

  /** Whether one more extra call fits; if so it is counted. */
  tryExtraCall(): boolean {
    const slot = this.#slot();
    if (this.remaining < 1) return false;
    slot.extra++;
    return true;
  }

  /** How many extra calls fit now. */
  get remaining(): number {
    this.#forget();
    let calls = 0;
    let extra = 0;
    for (const slot of this.#slots) {
      calls += slot.calls;
      extra += slot.extra;
    }
    return Math.max(0, Math.floor(Math.max(this.#ratio * calls, this.#least) - extra + rounding));
  }

  #slot(): Slot {
    const now = this.#forget();
    let slot = this.#slots.at(-1);
    if (slot === undefined || now >= slot.from + this.#windowMs / slotsPerWindow) {
      slot = { from: now, until: now, calls: 0, extra: 0 };
      this.#slots.push(slot);
    }
    slot.until = now;
    return slot;
  }

  #forget(): number {
    const now = this.#clock.now();
    while (this.#slots.length > 0 && this.#slots[0]!.until + this.#windowMs <= now) {
      this.#slots.shift();
    }
    return now;
  }
}

/** 0.29 × 100 must be 29, not 28.999…. */
const rounding = 1e-9;
