import type { ResponseFormat } from '../chat-model.ts';

/** A schema of any library that speaks Standard Schema: zod, valibot, arktype … */
export interface ObjectSchema<T = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    validate(value: unknown): SchemaOutcome<T> | Promise<SchemaOutcome<T>>;
    readonly types?: { readonly input: unknown; readonly output: T } | undefined;
    /** Standard JSON Schema, where the library has it (zod from 4.2 on). */
    readonly jsonSchema?:
      | { input(options: { target: string }): Record<string, unknown> }
      | undefined;
  };
}

export type SchemaOutcome<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a schema makes of a value that it lets through. */
export type ObjectOf<S extends ObjectSchema> = NonNullable<S['~standard']['types']>['output'];

export const pathOf = ({ path = [] }: SchemaIssue): string =>
  path.map((step) => String(typeof step === 'object' ? step.key : step)).join('.');

type JsonSchema = Record<string, unknown>;

const isRecord = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Closes each object that says nothing of further fields: no model should invent some. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (!isRecord(schema)) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, closed(value)]),
  );
  return isRecord(inner['properties']) && !('additionalProperties' in inner)
    ? { ...inner, additionalProperties: false }
    : inner;
}

/** Strict decoding wants every field of every object required, and no others. */
function isStrict(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrict);
  if (!isRecord(schema)) return true;
  const { properties, required = [], additionalProperties } = schema;
  const complete =
    !isRecord(properties) ||
    (additionalProperties === false &&
      Object.keys(properties).every((key) => (required as string[]).includes(key)));
  return complete && Object.values(schema).every(isStrict);
}

function jsonSchemaOf(schema: ObjectSchema): JsonSchema | undefined {
  try {
    return schema['~standard'].jsonSchema?.input({ target: 'draft-2020-12' });
  } catch {
    // Some types have no JSON Schema (dates, bigints): the answer is judged all the same.
    return undefined;
  }
}

/** The format to ask for: the JSON Schema where there is one, strictly where it can be, else JSON. */
export function formatOf(schema: ObjectSchema, name: string, given?: JsonSchema): ResponseFormat {
  const found = given ?? jsonSchemaOf(schema);
  if (!found) return { type: 'json' };
  const { $schema: _, ...plain } = closed(found) as JsonSchema;
  return { type: 'jsonSchema', name, schema: plain, strict: isStrict(plain) };
}
