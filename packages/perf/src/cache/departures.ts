import { callHook } from '@kortana/errors';
import type { RemovalReason } from './ttl-cache-options.ts';

type Hook<K, V> = (key: K, value: V, reason: RemovalReason) => void;

/** Counts what leaves a cache, and tells the hook of it once the cache is whole again. */
export class Departures<K, V> {
  evictions = 0;
  expirations = 0;
  readonly #hook: Hook<K, V> | undefined;
  #untold: [key: K, value: V, reason: RemovalReason][] = [];

  constructor(hook: Hook<K, V> | undefined) {
    this.#hook = hook;
  }

  /** Whether there is anyone to tell. */
  get isHeard(): boolean {
    return this.#hook !== undefined;
  }

  /** Takes note of an entry that is about to leave, or to be written over. */
  note(key: K, value: V, reason: RemovalReason): void {
    if (reason === 'expired') this.expirations++;
    else if (reason === 'evicted') this.evictions++;
    if (this.#hook !== undefined) this.#untold.push([key, value, reason]);
  }

  /** Comes last in each operation, because the hook may use the cache. */
  tell(): void {
    if (this.#untold.length > 0) this.#tellAll();
  }

  #tellAll(): void {
    const untold = this.#untold;
    this.#untold = [];
    for (const args of untold) callHook('onRemove', this.#hook, args);
  }
}
