/**
 * A text for any mix of values: the same for equal values, another one for any others.
 *
 *     stableKey('user', 7)            // ~("user",7)
 *     stableKey({ b: 1, a: [2] })     // ~{"a":[2],"b":1}
 *     stableKey('a plain string')     // a plain string
 */
export function stableKey(...values: unknown[]): string {
  return values.length === 1 ? keyOf(values[0]) : `~(${values.map((v) => encode(v, [])).join()})`;
}

function keyOf(value: unknown): string {
  if (typeof value === 'string') return value.startsWith('~') ? `~${JSON.stringify(value)}` : value;
  return `~${encode(value, [])}`;
}

function encode(value: unknown, above: object[]): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'bigint':
      return `${value}n`;
    case 'object':
      return value === null ? 'null' : encodeObject(value, above);
    default:
      throw new TypeError(`Expected values that have a key, got a ${typeof value}`);
  }
}

function encodeObject(value: object, above: object[]): string {
  const depth = above.indexOf(value);
  if (depth !== -1) return `^${above.length - depth}`;
  const inside = [...above, value];
  const one = (item: unknown) => encode(item, inside);
  if (Array.isArray(value)) return `[${value.map(one).join()}]`;
  if (value instanceof Date) return `Date(${value.getTime()})`;
  if (value instanceof RegExp) return `RegExp(${value})`;
  if (value instanceof Set) return `Set(${[...value].map(one).sort().join()})`;
  if (value instanceof Map) {
    return `Map(${[...value]
      .map(([k, v]) => `${one(k)}:${one(v)}`)
      .sort()
      .join()})`;
  }
  if (ArrayBuffer.isView(value)) {
    return `${value.constructor.name}(${Array.from(value as Uint8Array, one).join()})`;
  }
  const record = value as Record<string, unknown>;
  const keys = Object.keys(record).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${one(record[key])}`).join()}}`;
}
