/**
 * A path as one text: keys joined by dots (`user.tags.0`). Takes a text, or a list of keys as zod and
 * Standard Schema give it (there a key may stand in an object: `{ key }`). Anything else is `''`.
 */
export function issuePath(path: unknown): string {
  if (typeof path === 'string') return path;
  return Array.isArray(path) ? path.slice(0, deepest).map(keyOf).join('.') : '';
}

const deepest = 100;

function keyOf(segment: unknown): string {
  const key =
    typeof segment === 'object' && segment !== null ? (segment as { key?: unknown }).key : segment;
  return typeof key === 'object' || typeof key === 'function' ? '' : String(key);
}
