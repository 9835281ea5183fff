import { stableKey } from '@kortana/perf';

/** A key as the memory knows it: objects by their content. */
export type Id = unknown;

const tilde = '~'.charCodeAt(0);

export function idOf(key: unknown): Id {
  // A string is its own id, but for those that could be the text of an object's.
  if (typeof key === 'string') return key.charCodeAt(0) === tilde ? stableKey(key) : key;
  return typeof key === 'object' && key !== null ? stableKey(key) : key;
}
