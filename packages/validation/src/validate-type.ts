import { isZodSchema } from './schema/is-zod-schema.ts';
import type { InputOf } from './schema/rule-like.ts';
import { run } from './schema/run.ts';
import { schemaOf } from './schema/schema-of.ts';
import { isStandardSchema, type StandardSchema } from './schema/standard-schema.ts';

/** What the names of types stand for. */
interface TypeNames {
  string: string;
  number: number;
  bigint: bigint;
  boolean: boolean;
  symbol: symbol;
  undefined: undefined;
  null: null;
  /** Anything but primitives and functions. */
  object: object;
  array: unknown[];
  function: (...args: never[]) => unknown;
}

/** They stand for the primitives that they wrap. */
type WrapperClass = StringConstructor | NumberConstructor | BooleanConstructor;

type Class = abstract new (...args: never[]) => unknown;

/** What a value is of which `validateType(value, type)` says yes. */
export type TypeOf<T> = T extends keyof TypeNames
  ? TypeNames[T]
  : T extends StandardSchema
    ? InputOf<T>
    : T extends WrapperClass
      ? ReturnType<T>
      : T extends abstract new (...args: never[]) => infer Instance
        ? Instance
        : never;

const tests: { [Name in keyof TypeNames]: (value: unknown) => boolean } = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  bigint: (value) => typeof value === 'bigint',
  boolean: (value) => typeof value === 'boolean',
  symbol: (value) => typeof value === 'symbol',
  undefined: (value) => value === undefined,
  null: (value) => value === null,
  object: (value) => typeof value === 'object' && value !== null,
  array: (value) => Array.isArray(value),
  function: (value) => typeof value === 'function',
};

/**
 * Whether a value is of a type: of a name (`'string'`, as `typeof` has it, also `'null'` and
 * `'array'`; NaN is a number, null is no object), of a class (`String`,
 * `Number` and `Boolean` stand for the primitives), or as a schema or rule takes it.
 */
export function validateType<const T extends keyof TypeNames | Class | StandardSchema>(
  value: unknown,
  type: T,
): value is TypeOf<T> {
  if (typeof type === 'string') return ask(testOf(type), value);
  if (isZodSchema(type) || isStandardSchema(type)) return run(schemaOf(type), value, []).ok;
  if (typeof type === 'function' && type.prototype !== undefined)
    return ask((one) => isOfClass(one, type), value);
  throw new TypeError(
    `Expected \`type\` to be a type's name, a class or a schema, got a value of type ${typeof type}`,
  );
}

/** What can't be looked at (a revoked proxy) is of no type. */
function ask(test: (value: unknown) => boolean, value: unknown): boolean {
  try {
    return test(value);
  } catch {
    return false;
  }
}

function isOfClass(value: unknown, type: Class): boolean {
  if (type === String || type === Number || type === Boolean) {
    return typeof value === type.name.toLowerCase();
  }
  return value instanceof type;
}

function testOf(name: keyof TypeNames): (value: unknown) => boolean {
  if (Object.hasOwn(tests, name)) return tests[name];
  const names = Object.keys(tests).join(', ');
  throw new RangeError(`Expected \`type\` to be one of ${names}, got '${name}'`);
}
