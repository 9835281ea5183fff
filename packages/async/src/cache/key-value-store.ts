/**
 * What AsyncCache needs of a shared store: a Keyv instance fits, and so does a Map. Results may be
 * promises. Values are texts; `ttlMs` undefined means that they don't expire.
 */
export interface KeyValueStore {
  get(key: string): unknown;
  set(key: string, value: string, ttlMs?: number): unknown;
  delete(key: string): unknown;
}
