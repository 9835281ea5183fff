/** A text that no other primitive value has. */
export function encodePrimitive(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return encodeString(value);
    case 'number':
      return value === 0 && Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'symbol':
      return encodeSymbol(value);
    case 'function':
      throw new TypeError('Expected a value that has a key, got a function');
    default:
      return String(value);
  }
}

const needsEscape = /["\\\p{Cc}\p{Cs}]/u;

export function encodeString(text: string): string {
  return needsEscape.test(text) ? JSON.stringify(text) : `"${text}"`;
}

function encodeSymbol(symbol: symbol): string {
  const key = Symbol.keyFor(symbol);
  if (key !== undefined) return `Symbol.for(${encodeString(key)})`;
  const name = symbol.description ?? '';
  // The well-known ones: `Symbol.iterator` and the like.
  if (Reflect.get(Symbol, name.replace(/^Symbol\./, '')) === symbol) return name;
  throw new TypeError(`Expected a value that has a key, got a local symbol (${name})`);
}
