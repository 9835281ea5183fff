import { randomUUID } from 'node:crypto';
import type { Clock } from '@kortana/perf';
import { settled } from '../waiting/abortable.ts';
import { patient } from '../waiting/patient.ts';
import { decodeEntry, encodeEntry, type Entry, type Serializer } from './entry.ts';
import type { KeyValueStore } from './key-value-store.ts';
import { type GuardStats, StoreGuard } from './store-guard.ts';

export interface SharedTierOptions<V> {
  store: KeyValueStore;
  namespace: string;
  serializer: Serializer<V>;
  timeoutMs: number;
  /** How long an entry is kept past its freshness. */
  keepStaleMs: number;
  clock: Clock;
  /** Time that all processes share, in milliseconds. */
  wallClock: Clock;
}

/** More keys than this, and a new generation costs less than to tell the store of each. */
const maxUntold = 10_000;

/** Before the first `clear`. */
const firstGeneration = '0';

/**
 * The shared store behind a cache, as something that never fails, that nobody waits for longer than
 * `timeoutMs`, and that never gives what this process has deleted or replaced, not even where the
 * store couldn't be told. What isn't waited for any more goes on.
 *
 * `clear` is a new generation: a name kept in the store, which every entry carries. Entries of an
 * older one are no longer found, by no process; they go when their time is over.
 */
export class SharedTier<V> {
  readonly #options: SharedTierOptions<V>;
  readonly #store: KeyValueStore;
  readonly #guard: StoreGuard;
  readonly #generationKey: string;
  /** Undefined: not known yet. Untold: newer than what the store has. */
  #generation: { readonly name: string; isTold: boolean } | undefined;
  /** Counts the `clear`s, to tell what began before one. */
  #clears = 0;
  /** Keys whose entry in the store is out of date, while it can't be told. */
  readonly #untold = new Set<string>();
  /** The last change of each key that is under way: changes of a key don't overtake one another. */
  readonly #changes = new Map<string, Promise<unknown>>();

  constructor(options: SharedTierOptions<V>) {
    this.#options = options;
    this.#store = options.store;
    this.#generationKey = `${options.namespace}:generation`;
    this.#guard = new StoreGuard(options.store, options.timeoutMs, options.clock, () => {
      void this.#catchUp();
    });
  }

  get stats(): GuardStats {
    return this.#guard.stats;
  }

  /** The entry, `at` by the cache's own clock; also a stale one, as long as it is kept. */
  read(key: string): Promise<Entry<V> | undefined> {
    return patient(this.#read(key), this.#options.timeoutMs);
  }

  /**
   * Resolves when the store has it, or is known not to answer.
   *
   * @param replaces whether an older entry of the key is wrong from now on
   */
  async write(key: string, entry: Entry<V>, replaces: boolean): Promise<void> {
    await patient(this.#write(key, entry, replaces), this.#options.timeoutMs);
  }

  /** Whether the store had it. */
  async delete(key: string): Promise<boolean> {
    const change = this.#change(key, true, () => this.#deleteNow(key));
    const deleted = await patient(change, this.#options.timeoutMs);
    return deleted?.result === true;
  }

  async clear(): Promise<void> {
    this.#clears++;
    this.#untold.clear();
    this.#generation = { name: randomUUID(), isTold: false };
    await this.#tellGeneration();
  }

  async #read(key: string): Promise<Entry<V> | undefined> {
    const change = this.#changes.get(key);
    // Not a turn later than need be: so the guard's time is over first, and an outage is known.
    if (change !== undefined) await change;
    if (this.#untold.has(key)) return undefined;
    const clears = this.#clears;
    const answer = await this.#guard.run(() =>
      Promise.all([
        settled(() => this.#store.get(this.#entryKey(key))),
        settled(() => this.#store.get(this.#generationKey)),
      ]),
    );
    if (answer === undefined || clears !== this.#clears || this.#untold.has(key)) return undefined;
    const [text, generation] = answer.result;
    this.#learn(generation);
    return text === undefined || text === null ? undefined : this.#decode(text);
  }

  async #write(key: string, entry: Entry<V>, replaces: boolean): Promise<void> {
    const clears = this.#clears;
    await this.#change(key, replaces, async () => {
      if (this.#generation === undefined && !(await this.#askGeneration())) return undefined;
      // Cleared meanwhile: that is as if it had been written before.
      if (clears !== this.#clears) return { result: true };
      const text = this.#encode(entry);
      if (text === undefined) return this.#guard.run(() => this.#store.delete(this.#entryKey(key)));
      const ttlMs = entry.ttlMs + this.#options.keepStaleMs;
      return this.#guard.run(
        async () => {
          const isSet = await this.#store.set(
            this.#entryKey(key),
            text,
            ttlMs === Infinity ? undefined : ttlMs,
          );
          if (isSet === false) throw new Error('The store refused to set');
        },
        () => this.#distrust(key),
      );
    });
  }

  #entryKey(key: string): string {
    return `${this.#options.namespace}:entry:${key}`;
  }

  #deleteNow(key: string): Promise<{ result: unknown } | undefined> {
    return this.#guard.run(() => this.#store.delete(this.#entryKey(key)));
  }

  /** @param call gives undefined if the store couldn't be told */
  #change<T>(
    key: string,
    replaces: boolean,
    call: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const before = this.#changes.get(key);
    const make = async (): Promise<T | undefined> => {
      const told = await call();
      if (told !== undefined) this.#untold.delete(key);
      else if (replaces) this.#remember(key);
      return told;
    };
    const change = before === undefined ? make() : before.then(make);
    this.#changes.set(key, change);
    void change.then(() => {
      if (this.#changes.get(key) === change) this.#changes.delete(key);
    });
    return change;
  }

  /** A `set` that was given up got through after all: it may lie over what came after it. */
  #distrust(key: string): void {
    this.#remember(key);
    void this.#change(key, true, () => this.#deleteNow(key));
  }

  #remember(key: string): void {
    this.#untold.add(key);
    if (this.#untold.size > maxUntold) void this.clear();
  }

  /** After an outage: tells the store what it has missed. */
  async #catchUp(): Promise<void> {
    await this.#tellGeneration();
    for (const key of this.#untold) {
      const told = await this.#change(key, true, async () =>
        // A newer change of the key may have got through meanwhile.
        this.#untold.has(key) ? this.#deleteNow(key) : { result: true },
      );
      if (told === undefined) return;
    }
  }

  // Generations

  /** Whether the store told it. */
  async #askGeneration(): Promise<boolean> {
    const answer = await this.#guard.run(() => this.#store.get(this.#generationKey));
    if (answer !== undefined) this.#learn(answer.result);
    return answer !== undefined;
  }

  #learn(found: unknown): void {
    if (this.#generation?.isTold === false) return;
    if (typeof found === 'string') this.#generation = { name: found, isTold: true };
    else if (this.#generation === undefined || this.#generation.name === firstGeneration) {
      this.#generation = { name: firstGeneration, isTold: true };
    } else {
      // The store has lost it (evicted, restarted empty): what is older must not come back.
      this.#tellAgain();
    }
  }

  #tellAgain(): void {
    if (this.#generation !== undefined) this.#generation.isTold = false;
    void this.#tellGeneration();
  }

  async #tellGeneration(): Promise<void> {
    const generation = this.#generation;
    if (generation?.isTold !== false) return;
    const told = await this.#guard.run(
      () => this.#store.set(this.#generationKey, generation.name),
      // Too late, and perhaps over that of a newer `clear`.
      () => this.#tellAgain(),
    );
    if (told !== undefined) generation.isTold = true;
  }

  // Entries

  #encode({ value, at, ttlMs }: Entry<V>): string | undefined {
    const { clock, wallClock, serializer } = this.#options;
    const made = wallClock.now() - (clock.now() - at);
    try {
      return encodeEntry(
        { value, ttlMs, at: made, generation: this.#generation!.name },
        serializer,
      );
    } catch (error) {
      this.#guard.countGarbage(error);
      return undefined;
    }
  }

  #decode(text: unknown): Entry<V> | undefined {
    const { clock, wallClock, keepStaleMs, serializer } = this.#options;
    try {
      const { value, ttlMs, at, generation } = decodeEntry(text, serializer);
      // Wall clocks differ: an entry from the future is a new one.
      const ageMs = Math.max(0, wallClock.now() - at);
      if (generation !== this.#generation?.name || ageMs >= ttlMs + keepStaleMs) return undefined;
      return { value, ttlMs, at: clock.now() - ageMs };
    } catch (error) {
      this.#guard.countGarbage(error);
      return undefined;
    }
  }
}
