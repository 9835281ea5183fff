import { checkFunction, checkSignal } from '@kortana/errors';
import { rejected } from '../rejected.ts';
import { Flight } from './flight.ts';

export interface RunOptions {
  /** The caller's: it takes him out of the flight; the last one's abort aborts the run. */
  signal?: AbortSignal | undefined;
}

/**
 * Lets callers who want the same at the same time share one run of the work. A failure is shared as
 * well; nothing is kept once the run has ended (for that, see `cachedAsync` and `TTLCache`).
 *
 *     const flights = new SingleFlight<string, User>();
 *     const user = await flights.run(id, (signal) => fetchUser(id, { signal }));
 */
export class SingleFlight<K = unknown, V = unknown> {
  readonly #flights = new Map<K, Flight<V>>();

  /**
   * Joins the key's running flight, else begins one with `fn`. `flight.current` tells the work,
   * before it stores its result somewhere, whether the key was forgotten meanwhile.
   *
   * @throws (rejects) what `fn` throws, untouched; the signal's reason
   */
  run(
    key: K,
    fn: (signal: AbortSignal, flight: { readonly current: boolean }) => Promise<V> | V,
    options?: RunOptions,
  ): Promise<V> {
    checkFunction('fn', fn);
    const signal = options?.signal;
    if (signal !== undefined && checkSignal('signal', signal).aborted) {
      return rejected(signal.reason);
    }
    const running = this.#flights.get(key);
    if (running !== undefined) return running.join(signal);
    const flight = new Flight<V>(() => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    });
    this.#flights.set(key, flight);
    // Before it starts: the work may ask for the same key, and hear of this caller's abort itself.
    const answer = flight.join(signal);
    flight.start(fn);
    return answer;
  }

  /** Whether a run for the key is under way that a caller would join. */
  has(key: K): boolean {
    return this.#flights.has(key);
  }

  /** Later callers begin a new run; one under way still answers those who wait for it. */
  forget(key: K): void {
    const flight = this.#flights.get(key);
    if (flight === undefined) return;
    flight.current = false;
    this.#flights.delete(key);
  }

  /** How many runs there are that a caller would join. */
  get size(): number {
    return this.#flights.size;
  }
}
