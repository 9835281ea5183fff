import type { z } from 'zod';
import type { StandardSchema } from './standard-schema.ts';

/** Says whether a value is good; anything truthy counts as yes, one that throws says no. */
export type Predicate = { judge(value: unknown): unknown }['judge'];

/** Whatever can judge a value: a rule or Validator, a schema of zod or any other library, a function. */
export type RuleLike<Output = unknown> =
  | z.core.$ZodType<Output>
  | StandardSchema<Output>
  | Predicate;

/** What a value is known to be after a rule has let it through. */
export type OutputOf<R> = R extends z.core.$ZodType
  ? z.core.output<R>
  : R extends StandardSchema<infer Output>
    ? Output
    : R extends ((value: unknown) => value is infer Narrowed)
      ? Narrowed
      : R extends (value: infer Value) => unknown
        ? Value
        : unknown;

/** What a value may be so that a rule can judge it. */
export type InputOf<R> = R extends z.core.$ZodType
  ? z.core.input<R>
  : R extends { '~standard': { types?: { input: infer Input } | undefined } }
    ? Input
    : OutputOf<R>;
