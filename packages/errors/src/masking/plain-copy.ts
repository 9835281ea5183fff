import { fieldsOf, fieldsOfError, isError } from './fields.ts';
import { maskField, maskInTurn } from './mask-field.ts';
import { maskText } from './mask-text.ts';
import type { PlainRecord, PlainValue } from './plain-value.ts';

/** How much of a value is kept: levels, fields of one object, values and characters of one text. */
const limits = { depth: 8, breadth: 100, values: 2000, characters: 4096 };

// Of a longer text so much more is looked at, that a secret across the cut is seen and masked.
const beyondTheCut = 512;

/** One copying of a value, which remembers where it is and how much it may still keep. */
export class PlainCopy {
  /** The objects between the root and here: what comes again among them is a cycle. */
  readonly #way: object[] = [];
  #left = limits.values;

  /** @param name of the field that holds it */
  of(value: unknown, name = ''): PlainValue {
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
        return value === null ? null : this.#object(value, name);
      default:
        return `[${typeof value}]`;
    }
  }

  #object(value: object, name: string): PlainValue {
    if (this.#way.includes(value)) return '[cycle]';
    if (this.#way.length >= limits.depth) return '[deeper]';
    this.#way.push(value);
    try {
      return this.#inside(value, name);
    } catch {
      return '[unreadable]'; // a revoked or hostile proxy
    } finally {
      this.#way.pop();
    }
  }

  #inside(value: object, name: string): PlainValue {
    if (Array.isArray(value))
      return this.#items(this.#isInTurn(value, name) ? maskInTurn(value) : value);
    if (isError(value)) return this.#record(fieldsOfError(value));
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
      copies.push([maskAndCut(key), this.of(maskField(key, value), key)]);
    }
    // Not by assignment, which takes `__proto__` for the prototype.
    return Object.fromEntries(copies);
  }

  /** Names and values in turn: Node's `rawHeaders`, and each of the two in a list of entries. */
  #isInTurn(items: readonly unknown[], name: string): boolean {
    return /headers$/i.test(name) || (items.length === 2 && Array.isArray(this.#way.at(-2)));
  }
}

function isText(value: object): boolean {
  return [URL, URLSearchParams, RegExp, String, Number, Boolean].some(
    (type) => value instanceof type,
  );
}

function maskAndCut(text: string): string {
  if (text.length <= limits.characters) return maskText(text);
  const masked = maskText(text.slice(0, limits.characters + beyondTheCut));
  return `${masked.slice(0, limits.characters)}… (${text.length} characters)`;
}
