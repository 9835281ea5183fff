import { ExpiryHeap } from './expiry-heap.ts';
import type { SlotTable } from './slot-table.ts';

/** The slots whose nodes are the rings of this order: one of the entries known to be expired… */
const expiredSlot = 1;
/**
 * … and the runs. A run's time is that of the last entry which was appended to it, whether or not it
 * is still there.
 */
const firstRun = 2;
const runs = 8;
const runEnd = firstRun + runs;

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

  /** Puts a slot where its new time belongs. */
  move(slot: number, expiresAt: number): void {
    const table = this.#table;
    const { times } = table;
    const index = table.timeIndex(slot);
    // Equal times need no order among themselves.
    if (times[index] === expiresAt) return;
    const last = table.timeIndex(firstRun);
    const isPlain = this.#expired === 0 && this.#heap.isEmpty;
    if (isPlain && times[last]! <= expiresAt) {
      // The way of nearly all: to the end of the first run.
      times[index] = expiresAt;
      times[last] = expiresAt;
      table.unlink(table.ageNode(slot));
      table.linkBefore(table.ageNode(firstRun), table.ageNode(slot));
      return;
    }
    this.remove(slot);
    times[index] = expiresAt;
    this.add(slot);
  }

  /** Takes the slot out, unless it was just taken; its links stay: give it back, or add it again. */
  remove(slot: number): void {
    const table = this.#table;
    const node = table.ageNode(slot);
    if (ExpiryHeap.holds(table.links[node]!)) return this.#heap.remove(node);
    if (table.times[table.timeIndex(slot)]! <= this.#lookedAt) this.#expired--;
    table.unlink(node);
  }

  /** Puts a slot that is in no list where its time, which stands in the table, belongs. */
  add(slot: number): void {
    const table = this.#table;
    const { links, times } = table;
    const node = table.ageNode(slot);
    const expiresAt = times[table.timeIndex(slot)]!;
    if (expiresAt <= this.#lookedAt) return this.#bury(node);
    if (expiresAt < this.#soonest) this.#soonest = expiresAt;
    for (let run = firstRun; run < runEnd; run++) {
      const sentinel = table.ageNode(run);
      const last = table.timeIndex(run);
      const isEmpty = links[sentinel] === sentinel;
      if (!isEmpty && times[last]! > expiresAt) continue;
      times[last] = expiresAt;
      return table.linkBefore(sentinel, node);
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
    if (this.countExpired(now) === 0) return 0;
    const table = this.#table;
    return table.slotOf(table.links[table.ageNode(expiredSlot) + 1]!);
  }

  /** Moves what is expired by now to the expired list: each entry once in its life. */
  #lookFor(now: number): void {
    const table = this.#table;
    const { links, times } = table;
    this.#lookedAt = now;
    this.#soonest = Infinity;
    for (let run = firstRun; run < runEnd; run++) {
      const sentinel = table.ageNode(run);
      for (let first = links[sentinel + 1]!; first !== sentinel; first = links[sentinel + 1]!) {
        const time = times[table.timeIndexOf(first)]!;
        if (time > now) {
          if (time < this.#soonest) this.#soonest = time;
          break;
        }
        table.unlink(first);
        this.#bury(first);
      }
      // The next one may be the soonest of all, and has to be looked at.
      if (links[sentinel] === sentinel) times[table.timeIndex(run)] = Number.NaN;
    }
    for (let top = this.#heap.top; top !== undefined; top = this.#heap.top) {
      const time = times[table.timeIndexOf(top)]!;
      if (time > now) {
        if (time < this.#soonest) this.#soonest = time;
        break;
      }
      this.#heap.remove(top);
      this.#bury(top);
    }
  }

  #bury(node: number): void {
    this.#table.linkBefore(this.#table.ageNode(expiredSlot), node);
    this.#expired++;
  }
}
