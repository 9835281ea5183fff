import { KortanaError } from '@kortana/errors';

/** A value and its life. */
export interface Entry<V> {
  readonly value: V;
  /** When it was made, in milliseconds by the clock of whoever holds it. */
  readonly at: number;
  /** How long it is fresh from then on; Infinity: for ever. */
  readonly ttlMs: number;
}

/** How values become texts in a shared store, and texts values again. */
export interface Serializer<V> {
  stringify(value: V): string;
  parse(text: string): V;
}

/** JSON, and `undefined` as the empty text. */
export const jsonSerializer: Serializer<unknown> = {
  stringify: (value) => (value === undefined ? '' : JSON.stringify(value)),
  parse: (text) => (text === '' ? undefined : JSON.parse(text)),
};

/** An entry as the store holds it, with the generation it belongs to; `at` by the wall clock. */
export interface StoredEntry<V> extends Entry<V> {
  readonly generation: string;
}

/** One line of JSON for the entry's life, then the value as its serializer writes it. */
export function encodeEntry<V>(entry: StoredEntry<V>, serializer: Serializer<V>): string {
  const { value, generation, at, ttlMs } = entry;
  const text = serializer.stringify(value);
  if (typeof text !== 'string') {
    throw new KortanaError('The value has no text form', { code: 'CACHE_NOT_SERIALIZABLE' });
  }
  const life = JSON.stringify({ generation, at, ttlMs: ttlMs === Infinity ? null : ttlMs });
  return `${life}\n${text}`;
}

/** @throws for what `encodeEntry` didn't write */
export function decodeEntry<V>(text: unknown, serializer: Serializer<V>): StoredEntry<V> {
  if (typeof text !== 'string') throw notAnEntry();
  const end = text.indexOf('\n');
  const life: unknown = JSON.parse(text.slice(0, end));
  if (typeof life !== 'object' || life === null) throw notAnEntry();
  const { generation, at, ttlMs } = life as Record<string, unknown>;
  if (typeof generation !== 'string' || typeof at !== 'number') throw notAnEntry();
  if (ttlMs !== null && !(typeof ttlMs === 'number' && ttlMs > 0)) throw notAnEntry();
  return { value: serializer.parse(text.slice(end + 1)), generation, at, ttlMs: ttlMs ?? Infinity };
}

function notAnEntry(): KortanaError {
  return new KortanaError('The store gave something else than an entry', { code: 'CACHE_GARBAGE' });
}
