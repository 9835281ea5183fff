import { isSecretKey } from './is-secret-key.ts';
import { maskText } from './mask-text.ts';
import { MASK } from './mask.ts';

/** Plain data, as JSON holds it. */
export type PlainValue = string | number | boolean | null | PlainValue[] | PlainRecord;
export interface PlainRecord {
  [key: string]: PlainValue;
}

/** How much of a value is kept: levels, fields of one object, values and characters of one text. */
const limits = { depth: 8, breadth: 100, values: 2000, characters: 4096 };

// Of a longer text so much more is looked at, that a secret across the cut is seen and masked.
const beyondTheCut = 512;

/**
 * A plain copy of any value, for logs and wires: secrets masked by the names of fields and within
 * texts (`isSecretKey`, `maskText`); errors with their causes; cycles, functions and what can't be
 * read named in brackets. At most 8 levels, 100 fields an object, 2000 values in all and 4096
 * characters a text are kept. Never throws.
 */
export function maskSecrets(value: unknown): PlainValue {
  return new PlainCopy().of(value);
}

class PlainCopy {
  /** The objects between the root and here: what comes again among them is a cycle. */
  readonly #way: object[] = [];
  #left = limits.values;

  of(value: unknown): PlainValue {
    if (this.#left-- <= 0) return '[more]';
    switch (typeof value) {
      case 'string':
        return maskAndCut(value);
      case 'number':
        return Number.isFinite(value) ? value + 0 : String(value); // JSON has no -0
      case 'boolean':
        return value;
      case 'bigint':
        return maskAndCut(String(value));
      case 'object':
        return value === null ? null : this.#object(value);
      default:
        return `[${typeof value}]`;
    }
  }

  #object(value: object): PlainValue {
    if (this.#way.includes(value)) return '[cycle]';
    if (this.#way.length >= limits.depth) return '[deeper]';
    this.#way.push(value);
    try {
      return this.#inside(value);
    } catch {
      return '[unreadable]'; // a revoked or hostile proxy
    } finally {
      this.#way.pop();
    }
  }

  #inside(value: object): PlainValue {
    if (Array.isArray(value)) return this.#items(value);
    if (value instanceof Error) return this.#record(errorFields(value));
    if (value instanceof Map || value instanceof Headers) return this.#record(value);
    if (value instanceof Set) return this.#items(value);
    if (value instanceof Date) return Number.isNaN(+value) ? String(value) : value.toISOString();
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
      return `[${value.byteLength} bytes]`;
    if (isText(value)) return maskAndCut(String(value));
    return this.#record(fieldsOf(value));
  }

  #items(items: Iterable<unknown>): PlainValue[] {
    const copies: PlainValue[] = [];
    for (const item of items) {
      if (copies.length === limits.breadth) {
        copies.push('[more]');
        break;
      }
      copies.push(this.of(item));
    }
    return copies;
  }

  #record(fields: Iterable<readonly [unknown, unknown]>): PlainRecord {
    const copies: [string, PlainValue][] = [];
    for (const [name, value] of fields) {
      if (value === undefined) continue;
      if (copies.length === limits.breadth) {
        copies.push(['…', '[more]']);
        break;
      }
      const key = typeof name === 'string' ? name : String(this.of(name));
      copies.push([maskAndCut(key), isSecret(key, value) ? MASK : this.of(value)]);
    }
    // Not by assignment, which takes `__proto__` for the prototype.
    return Object.fromEntries(copies);
  }
}

// A flag or null under a secret's name (`hasPassword: true`) tells no secret.
function isSecret(key: string, value: unknown): boolean {
  return value !== null && typeof value !== 'boolean' && isSecretKey(key);
}

function isText(value: object): boolean {
  return [URL, URLSearchParams, RegExp, String, Number, Boolean].some(
    (type) => value instanceof type,
  );
}

function* fieldsOf(value: object): Generator<readonly [string, unknown]> {
  for (const key of Object.keys(value)) yield [key, read(value, key)];
}

/** What an error tells, whoever made it. Its other fields aren't told: they hold whole requests. */
function* errorFields(error: Error): Generator<readonly [string, unknown]> {
  for (const key of told) yield [key, read(error, key)];
}

const told = [
  'name',
  'code',
  'message',
  'severity',
  'recoverable',
  'retryAfterMs',
  'status',
  'issues',
  'context',
  'cause',
  'errors',
];

function read(value: object, key: string): unknown {
  try {
    return Reflect.get(value, key);
  } catch {
    return '[unreadable]';
  }
}

function maskAndCut(text: string): string {
  if (text.length <= limits.characters) return maskText(text);
  const masked = maskText(text.slice(0, limits.characters + beyondTheCut));
  return `${masked.slice(0, limits.characters)}… (${text.length} characters)`;
}
