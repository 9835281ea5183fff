import { cyclicKey } from './cyclic-key.ts';
import { encodeObject } from './encode-object.ts';
import { encodePrimitive } from './encode-primitive.ts';

/**
 * A text for any mix of values: equal values have equal ones, others have others. A single string is
 * its own text (unless it begins with `~`), all else begins with `~`.
 *
 *     stableKey('a plain string')          // a plain string
 *     stableKey('user', 7)                 // ~("user",7)
 *     stableKey({ b: 1, a: new Set([2]) }) // ~{"a":Set(2),"b":1}
 *
 * Types are told apart (1, '1', 1n; 0 and -0; a field that is undefined and none), while the order of
 * fields and of the members of Maps and Sets doesn't matter, nor whether equal parts are shared,
 * repeated or in a cycle. It goes by own enumerable fields.
 *
 * @throws TypeError for functions, symbols that aren't registered, and objects of unknown classes:
 * what they hold can't be seen, so any text for them would be a guess
 */
export function stableKey(...values: unknown[]): string {
  return keyOfAll(values);
}

/** The same, for values that are in a list already. */
export function keyOfAll(values: readonly unknown[]): string {
  // Apart, so that this way is short enough to become part of whoever calls.
  const value = values.length === 1 ? values[0] : undefined;
  return typeof value === 'string' && value.charCodeAt(0) !== tilde ? value : encodeAll(values);
}

function encodeAll(values: readonly unknown[]): string {
  if (values.length === 1) return `~${encodeTree(values[0]) ?? cyclicKey(values[0])}`;
  let text = '';
  for (const value of values) {
    const encoded = encodeTree(value);
    if (encoded === undefined) return `~(${cyclicKey(values)})`;
    text += text === '' ? encoded : `,${encoded}`;
  }
  return `~(${text})`;
}

const tilde = '~'.charCodeAt(0);

/** Undefined: there is a cycle. */
function encodeTree(root: unknown): string | undefined {
  if (typeof root !== 'object' || root === null) return encodePrimitive(root);
  const above: object[] = [];
  let isCyclic = false;
  const encode = (value: unknown): string => {
    if (typeof value !== 'object' || value === null) return encodePrimitive(value);
    if (above.includes(value)) isCyclic = true;
    if (isCyclic) return '';
    above.push(value);
    const text = encodeObject(value, encode);
    above.pop();
    return text;
  };
  const text = encode(root);
  return isCyclic ? undefined : text;
}
