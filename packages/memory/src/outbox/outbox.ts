import { codes } from '../error-codes.ts';
import type { StoredTurn } from '../turn.ts';
import { memoryError, within } from '../within.ts';
import { type Entry, newEntry, type RecordResult, TurnQueue } from './turn-queue.ts';

export type DropReason = 'overflow' | 'refused' | 'deleted' | 'closed';

export interface OutboxOptions {
  write: (turn: StoredTurn) => Promise<void>;
  onDrop: (turn: StoredTurn, reason: DropReason) => void;
  /** The store doesn't keep up, and why. */
  onBehind: (error: unknown) => void;
  /** It has caught up, after so many late turns. */
  onCaughtUp: (replayed: number) => void;
  maxTurns: number;
  maxBytes: number;
  /** How long `add` waits for the store before it says `queued`. */
  deadlineMs: number;
  /** How long one write may take before it is tried again. */
  writeTimeoutMs: number;
}

interface Writing {
  is: 'writing';
  entry: Entry;
  /** Resolves when this attempt has ended, well or not. */
  attempt: Promise<unknown>;
  /** To be dropped if it fails. */
  forgotten: boolean;
}

type State = { is: 'idle' } | Writing | { is: 'paused'; timer: NodeJS.Timeout } | { is: 'closed' };

const firstPauseMs = 100;
const longestPauseMs = 10_000;

/**
 * Turns on their way to the store, written one after the other in the order they came. While the
 * store is down they wait here, as many as there is room for; what has no room pushes out the
 * oldest. A write that failed or timed out is tried again with the same id, so that one which had
 * landed after all isn't doubled.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #queue = new TurnQueue();
  #state: State = { is: 'idle' };
  /** Turns stored late since the store fell behind; undefined while it keeps up. */
  #late: number | undefined;
  #pauseMs = firstPauseMs;
  readonly #whenQuiet = new Set<() => void>();
  readonly #closing = new AbortController();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Turns not known to be stored, oldest first. */
  get turns(): StoredTurn[] {
    const waiting = this.#queue.turns;
    return this.#state.is === 'writing' ? [this.#state.entry.turn, ...waiting] : waiting;
  }

  get bytes(): number {
    return this.#queue.bytes + (this.#state.is === 'writing' ? this.#state.entry.bytes : 0);
  }

  /**
   * Resolves when the turn is stored, or when that takes too long; at once while behind. Throws if it
   * can't be JSON.
   */
  add(turn: StoredTurn): Promise<RecordResult> {
    const entry = this.#entryOf(turn) ?? this.#enter(newEntry(turn));
    return this.#resultOf(entry);
  }

  /** Tries at once what waits; resolves when nothing is left, or the time is over. */
  async flush(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.resume();
    if (this.turns.length === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#whenQuiet.add(resolve);
    try {
      await within(() => promise, { timeoutMs, operation: 'flush', signal });
    } catch (error) {
      if (signal?.aborted) throw error;
    } finally {
      this.#whenQuiet.delete(resolve);
    }
  }

  /** Tries at once what waits: somebody knows that the store is back. */
  resume(): void {
    if (this.#state.is !== 'paused') return;
    clearTimeout(this.#state.timer);
    void this.#drain();
  }

  /**
   * Takes out what the predicate names; resolves when no such write is under way any more, with how
   * many turns that were.
   */
  async remove(isGone: (turn: StoredTurn) => boolean): Promise<number> {
    const taken = this.#queue.takeIf(isGone);
    for (const entry of taken) this.#drop(entry, 'deleted');
    if (this.#state.is !== 'writing' || !isGone(this.#state.entry.turn)) return taken.length;
    this.#state.forgotten = true;
    await this.#state.attempt;
    return taken.length + 1;
  }

  close(): void {
    if (this.#state.is === 'paused') clearTimeout(this.#state.timer);
    if (this.#state.is === 'writing') this.#drop(this.#state.entry, 'closed');
    this.#state = { is: 'closed' };
    this.#closing.abort();
    for (const entry of this.#queue.takeIf(() => true)) this.#drop(entry, 'closed');
    this.#quiet();
  }

  #entryOf({ id, sessionId }: StoredTurn): Entry | undefined {
    const isSame = ({ turn }: Entry) => turn.id === id && turn.sessionId === sessionId;
    if (this.#state.is === 'writing' && isSame(this.#state.entry)) return this.#state.entry;
    return this.#queue.entries.find(isSame);
  }

  #enter(entry: Entry): Entry {
    const { is } = this.#state;
    if (is === 'closed') this.#drop(entry, 'closed');
    // It would push out all others, and have no room then either.
    else if (is !== 'idle' && entry.bytes > this.#options.maxBytes) this.#drop(entry, 'overflow');
    else {
      this.#queue.push(entry);
      if (is === 'idle') void this.#drain();
      this.#shed();
    }
    return entry;
  }

  async #resultOf(entry: Entry): Promise<RecordResult> {
    if (this.#late === undefined) await this.#waitFor(entry);
    return entry.result;
  }

  async #drain(): Promise<void> {
    for (let entry = this.#queue.shift(); entry !== undefined; entry = this.#queue.shift()) {
      const attempt = this.#attempt(entry);
      const writing: Writing = { is: 'writing', entry, attempt, forgotten: false };
      this.#state = writing;
      const failure = await attempt;
      if (this.#state !== writing) return; // closed meanwhile
      if (failure !== undefined) return this.#failed(writing, failure.error);
    }
    this.#state = { is: 'idle' };
    this.#quiet();
    if (this.#late !== undefined) this.#options.onCaughtUp(this.#late);
    this.#late = undefined;
  }

  /** Never rejects; gives what to try again for. */
  async #attempt(entry: Entry): Promise<{ error: unknown } | undefined> {
    const { write, writeTimeoutMs: timeoutMs } = this.#options;
    try {
      await within(async () => write(entry.turn), {
        timeoutMs,
        operation: 'append',
        signal: this.#closing.signal,
        background: true,
      });
      entry.settle('stored');
      this.#pauseMs = firstPauseMs;
      if (this.#late !== undefined) this.#late++;
    } catch (error) {
      if (memoryError(error, 'append').code !== codes.refused) return { error };
      this.#drop(entry, 'refused');
    }
  }

  #failed({ entry, forgotten }: Writing, error: unknown): void {
    if (forgotten) this.#drop(entry, 'deleted');
    else this.#queue.unshift(entry);
    const timer = setTimeout(() => void this.#drain(), this.#pauseMs).unref();
    this.#state = { is: 'paused', timer };
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
    this.#fallBehind(error);
    this.#shed();
  }

  async #waitFor(entry: Entry): Promise<void> {
    const { deadlineMs: timeoutMs } = this.#options;
    try {
      await within(() => entry.settled, { timeoutMs, operation: 'append' });
    } catch (error) {
      this.#fallBehind(error);
    }
  }

  /** Nobody waits from now on, nor those who already do. */
  #fallBehind(error: unknown): void {
    if (this.#late !== undefined || this.#state.is === 'closed') return;
    this.#late = 0;
    for (const entry of this.#queue.entries) entry.settle('queued');
    this.#options.onBehind(error);
  }

  /** What there is no room for, oldest first. */
  #shed(): void {
    const { maxTurns, maxBytes } = this.#options;
    while (this.#queue.size > maxTurns || this.#queue.bytes > maxBytes) {
      this.#drop(this.#queue.shift()!, 'overflow');
    }
  }

  #drop(entry: Entry, reason: DropReason): void {
    entry.settle('dropped');
    this.#options.onDrop(entry.turn, reason);
  }

  #quiet(): void {
    for (const resolve of this.#whenQuiet) resolve();
  }
}
