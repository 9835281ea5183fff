import { ExpiryHeap } from './expiry-heap.ts';
import {
  ageNode,
  linkBefore,
  type SlotTable,
  slotOf,
  timeIndex,
  timeIndexOf,
  unlink,
} from './slot-table.ts';

/**
 * The rings of this order: one of the entries known to be expired, and the runs. A run's sentinel has
 * for its time that of the last entry which was appended, whether or not it is still there.
 */
const expiredList = ageNode(1);
const firstRun = 2;
const runs = 8;
const runEnd = firstRun + runs;

/** The run that most entries are in, all of them where there is one TTL. */
export const mainRun = ageNode(firstRun);
/** Where the time stands before which nothing may be appended to it. */
export const mainRunTime = timeIndexOf(mainRun);

/** How many slots of the table are the lists' own: those here, and the one of the order of use. */
export const sentinelSlots = runEnd;

/**
 * The entries by the time they expire, so that an expired one is found before a live one is evicted
 * without ever searching.
 *
 * Entries made with one and the same TTL expire in the order they were made: a list to append to.
 * So there are a few lists, each sorted (a *run*), and an entry goes to the first run that it can
 * be appended to. One TTL needs one run, n TTLs need at most n; that is patience sorting, which
 * copes with any order. What fits to no run (TTLs that differ at random) goes to a heap.
 * Adding and removing is O(1) for runs, O(log n) for the heap.
 */
export class ExpiryOrder {
  readonly #table: SlotTable<unknown, unknown>;
  readonly #heap: ExpiryHeap;
  /** No entry outside of the expired list expires before this. */
  #soonest = Infinity;
  /** Up to when expired entries were looked for: what expires by then is in the expired list. */
  #lookedAt = -Infinity;
  #expired = 0;

  constructor(table: SlotTable<unknown, unknown>) {
    this.#table = table;
    this.#heap = new ExpiryHeap(table);
  }

  /** Whether all entries are in runs: none in the expired list, none in the heap. */
  get isPlain(): boolean {
    return this.#expired === 0 && this.#heap.isEmpty;
  }

  /** Takes the slot out, unless it was just taken; its links stay: give it back, or add it again. */
  remove(slot: number): void {
    const { links, times } = this.#table;
    const node = ageNode(slot);
    if (ExpiryHeap.holds(links[node]!)) return this.#heap.remove(node);
    if (times[timeIndex(slot)]! <= this.#lookedAt) this.#expired--;
    unlink(links, node);
  }

  /** Puts a slot that is in no list where its time, which stands in the table, belongs. */
  add(slot: number): void {
    const { links, times } = this.#table;
    const node = ageNode(slot);
    const expiresAt = times[timeIndex(slot)]!;
    if (expiresAt <= this.#lookedAt) return this.#bury(node);
    if (expiresAt < this.#soonest) this.#soonest = expiresAt;
    for (let run = firstRun; run < runEnd; run++) {
      const sentinel = ageNode(run);
      const isEmpty = links[sentinel] === sentinel;
      if (!isEmpty && times[timeIndexOf(sentinel)]! > expiresAt) continue;
      times[timeIndexOf(sentinel)] = expiresAt;
      return linkBefore(links, sentinel, node);
    }
    this.#heap.push(node);
  }

  /** How many entries are expired by `now`. */
  countExpired(now: number): number {
    if (now >= this.#soonest) this.#lookFor(now);
    return this.#expired;
  }

  /** The slot of some entry that is expired by `now`; 0: there is none. */
  anyExpired(now: number): number {
    return this.countExpired(now) === 0 ? 0 : slotOf(this.#table.links[expiredList + 1]!);
  }

  /** Moves what is expired by now to the expired list: each entry once in its life. */
  #lookFor(now: number): void {
    const { links, times } = this.#table;
    this.#lookedAt = now;
    this.#soonest = Infinity;
    for (let run = firstRun; run < runEnd; run++) {
      const sentinel = ageNode(run);
      for (let first = links[sentinel + 1]!; first !== sentinel; first = links[sentinel + 1]!) {
        const time = times[timeIndexOf(first)]!;
        if (time > now) {
          if (time < this.#soonest) this.#soonest = time;
          break;
        }
        unlink(links, first);
        this.#bury(first);
      }
      // The next one may be the soonest of all, and has to be looked at.
      if (links[sentinel] === sentinel) times[timeIndexOf(sentinel)] = Number.NaN;
    }
    for (let top = this.#heap.top; top !== undefined; top = this.#heap.top) {
      const time = times[timeIndexOf(top)]!;
      if (time > now) {
        if (time < this.#soonest) this.#soonest = time;
        break;
      }
      this.#heap.remove(top);
      this.#bury(top);
    }
  }

  #bury(node: number): void {
    linkBefore(this.#table.links, expiredList, node);
    this.#expired++;
  }
}
