/** A value in an error's words: short, and without what is inside of objects. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length > longest ? `a string of ${value.length} characters` : `'${value}'`;
    case 'bigint':
      return 'a bigint';
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? 'an array' : 'an object';
    default:
      return `a ${typeof value}`;
  }
}

// Longer ones are texts or keys that went astray, and no use in a message.
const longest = 20;

/** The error's words: what was expected, of which option, and what came. */
export function expected(name: string, what: string, value: unknown): string {
  return `Expected \`${name}\` to be ${what}, got ${describe(value)}`;
}
