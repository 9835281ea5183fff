import { callHook } from '@kortana/errors';

/** Who wants to know when a key is next written. Almost always empty: whoever loads, waits here. */
export class Watchers<K> {
  readonly #byKey = new Map<K, Set<() => void>>();

  get size(): number {
    return this.#byKey.size;
  }

  /** @returns how to stop watching */
  add(key: K, tell: () => void): () => void {
    let watching = this.#byKey.get(key);
    if (watching === undefined) this.#byKey.set(key, (watching = new Set()));
    watching.add(tell);
    return () => {
      // Whoever was told is out already, and the key may have new watchers by then.
      if (watching.delete(tell) && watching.size === 0) this.#byKey.delete(key);
    };
  }

  /** Tells the key's watchers, and forgets them. */
  written(key: K): void {
    const watching = this.#byKey.get(key);
    if (watching === undefined) return;
    this.#byKey.delete(key);
    for (const tell of [...watching]) {
      watching.delete(tell);
      callHook('watch', tell, []); // the write goes on, whatever they do
    }
  }

  allWritten(): void {
    for (const key of [...this.#byKey.keys()]) this.written(key);
  }
}
