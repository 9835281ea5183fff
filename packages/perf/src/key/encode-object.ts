import { encodeString } from './encode-primitive.ts';

type Encode = (value: unknown) => string;
type Encoder = (value: never, encode: Encode) => string;

/**
 * A text that no object of another kind has, made of those that `encode` gives for what is inside.
 * Kinds are known by their prototype: an object of a class that extends one of them holds more than
 * can be seen here.
 */
export function encodeObject(value: object, encode: Encode): string {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === Object.prototype) return encodeFields(value, encode);
  if (Array.isArray(value) && isArrayPrototype(prototype)) return encodeArray(value, encode);
  const encoder = encoders.get(prototype);
  if (encoder !== undefined) {
    const text = encoder(value as never, encode);
    // Whoever puts fields on a Date means them. The elements of typed arrays are in the text already.
    if (ArrayBuffer.isView(value) || !hasFields(value)) return text;
    return `${text}${encodeFields(value, encode)}`;
  }
  if (isForeignRecordPrototype(prototype)) return encodeFields(value, encode);
  const name = (value as { constructor?: { name?: string } }).constructor?.name ?? 'unknown';
  throw new TypeError(`Expected a value that has a key, got an object of the class ${name}`);
}

function encodeFields(value: object, encode: Encode): string {
  const record = value as Record<string, unknown>;
  let text = '';
  for (const key of Object.keys(record).sort()) {
    text += `${text === '' ? '' : ','}${encodeString(key)}:${encode(record[key])}`;
  }
  const symbols = enumerableSymbols(value).map(
    (key) => `${encode(key)}:${encode(Reflect.get(value, key))}`,
  );
  return symbols.length === 0 ? `{${text}}` : `{${text};${symbols.sort().join()}}`;
}

function encodeArray(value: readonly unknown[], encode: Encode): string {
  let text = '';
  let holes = 0;
  for (let index = 0; index < value.length; index++) {
    const isHole = value[index] === undefined && !Object.hasOwn(value, index);
    if (isHole) holes++;
    text += `${index === 0 ? '' : ','}${isHole ? '_' : encode(value[index])}`;
  }
  const isPure =
    Object.keys(value).length === value.length - holes && enumerableSymbols(value).length === 0;
  return isPure ? `[${text}]` : `[${text}]${encodeFields(value, encode)}`;
}

function hasFields(value: object): boolean {
  return Object.keys(value).length > 0 || enumerableSymbols(value).length > 0;
}

function enumerableSymbols(value: object): symbol[] {
  const symbols = Object.getOwnPropertySymbols(value);
  if (symbols.length === 0) return symbols;
  return symbols.filter((key) => Object.prototype.propertyIsEnumerable.call(value, key));
}

const sorted = (items: string[]) => items.sort().join();
const elements = (array: ArrayLike<unknown>, encode: Encode) => Array.from(array, encode).join();
const bytes = (buffer: ArrayBufferLike) => new Uint8Array(buffer).join();

const encoders = new Map<object | null, Encoder>([
  [null, (value: object, encode) => `null${encodeFields(value, encode)}`],
  [Date.prototype, (value: Date) => `Date(${value.getTime()})`],
  [
    RegExp.prototype,
    (value: RegExp) => `RegExp(${encodeString(value.source)},${value.flags},${value.lastIndex})`,
  ],
  [
    Map.prototype,
    (value: Map<unknown, unknown>, encode) => {
      const pairs = Array.from(value, ([key, item]) => `${encode(key)}:${encode(item)}`);
      return `Map(${sorted(pairs)})`;
    },
  ],
  [Set.prototype, (value: Set<unknown>, encode) => `Set(${sorted(Array.from(value, encode))})`],
  [
    String.prototype,
    (value: string, encode) => `String(${encode(String.prototype.valueOf.call(value))})`,
  ],
  [
    Number.prototype,
    (value: number, encode) => `Number(${encode(Number.prototype.valueOf.call(value))})`,
  ],
  [Boolean.prototype, (value: boolean) => `Boolean(${Boolean.prototype.valueOf.call(value)})`],
  [BigInt.prototype, (value: bigint) => `BigInt(${BigInt.prototype.valueOf.call(value)})`],
  [
    Symbol.prototype,
    (value: symbol, encode) => `Symbol(${encode(Symbol.prototype.valueOf.call(value))})`,
  ],
  [URL.prototype, (value: URL) => `URL(${encodeString(value.href)})`],
  [ArrayBuffer.prototype, (value: ArrayBuffer) => `ArrayBuffer(${bytes(value)})`],
  [SharedArrayBuffer.prototype, (value: SharedArrayBuffer) => `SharedArrayBuffer(${bytes(value)})`],
  [
    DataView.prototype,
    (value: DataView) =>
      `DataView(${new Uint8Array(value.buffer, value.byteOffset, value.byteLength).join()})`,
  ],
]);

for (const name of [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'BigInt64Array',
  'BigUint64Array',
  'Float16Array',
  'Float32Array',
  'Float64Array',
  'Buffer',
]) {
  const type = Reflect.get(globalThis, name) as { prototype: object } | undefined;
  const encoder = (value: Uint8Array, encode: Encode) => `${name}(${elements(value, encode)})`;
  if (type !== undefined) encoders.set(type.prototype, encoder);
}

/** Plain objects and arrays also come from other realms (`node:vm`, iframes). */
function isForeignRecordPrototype(prototype: object | null): boolean {
  return (
    prototype !== null &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, 'isPrototypeOf')
  );
}

function isArrayPrototype(prototype: object | null): boolean {
  if (prototype === Array.prototype) return true;
  return (
    Array.isArray(prototype) &&
    Object.hasOwn(prototype, 'concat') &&
    isForeignRecordPrototype(Object.getPrototypeOf(prototype) as object | null)
  );
}
