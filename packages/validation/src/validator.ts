import { checkString } from '@kortana/errors';
import { z } from 'zod';
import { email } from './rules/email.ts';
import { inRange } from './rules/in-range.ts';
import { maxLength } from './rules/max-length.ts';
import { minLength } from './rules/min-length.ts';
import { notEmpty, type Something } from './rules/not-empty.ts';
import { oneOf } from './rules/one-of.ts';
import { pattern } from './rules/pattern.ts';
import { checkOf } from './schema/checks.ts';
import type { OutputOf, RuleLike } from './schema/rule-like.ts';
import { type Outcome, run } from './schema/run.ts';
import { validationError } from './schema/validation-error.ts';

/** A rule more: what it lets through, of what was let through before; undefined stays where it was. */
type Narrow<T, U> = (T & U) | Extract<T, undefined>;

/** `unknown | undefined` would be `unknown`, which forgets that undefined was let through. */
type Optional<T> = unknown extends T ? Something | null | undefined : T | undefined;

/**
 * Rules for one value, all of which are judged. Immutable: each method returns a new Validator, so
 * that one may be shared. It is a Standard Schema and may stand wherever zod takes a schema.
 *
 *     const email = new Validator('email').notEmpty().isEmail();
 *     email.validate('no'); // [false, ['email must be a valid email address']]
 */
export class Validator<T = unknown> {
  readonly fieldName: string;
  #checks: readonly z.core.$ZodCheck<unknown>[] = [];
  #optional = false;
  #schema: z.ZodType<T, T> | undefined;

  /** @param fieldName what the value is called in messages; default: `value` */
  constructor(fieldName = 'value') {
    this.fieldName = checkString('fieldName', fieldName) || 'value';
  }

  minLength(length: number): Validator<Narrow<T, string>> {
    return this.addRule(minLength(length));
  }

  maxLength(length: number): Validator<Narrow<T, string>> {
    return this.addRule(maxLength(length));
  }

  /** Of a string of at most 10 000 characters; longer ones fail. */
  pattern(regex: RegExp, description?: string): Validator<Narrow<T, string>> {
    return this.addRule(pattern(regex, description));
  }

  notEmpty(): Validator<Narrow<T, Something>> {
    return this.addRule(notEmpty());
  }

  inRange(min: number, max: number): Validator<Narrow<T, number>> {
    return this.addRule(inRange(min, max));
  }

  oneOf<const U>(values: Iterable<U>): Validator<Narrow<T, U>> {
    return this.addRule(oneOf(values));
  }

  isEmail(): Validator<Narrow<T, string>> {
    return this.addRule(email());
  }

  /**
   * Any rule, schema (of zod or another Standard Schema library, synchronous ones) or predicate.
   *
   * @param message what is said instead, in words that follow the field's name: `must be even`
   */
  addRule<R extends RuleLike>(rule: R, message?: string): Validator<Narrow<T, OutputOf<R>>> {
    const words = message === undefined ? undefined : checkString('message', message);
    return this.#derive([...this.#checks, checkOf(rule, words, this.fieldName)], this.#optional);
  }

  /** Lets undefined through (null not), whatever the rules before and after say. */
  optional(): Validator<Optional<T>> {
    return this.#derive(this.#checks, true);
  }

  /** Whether a value is good, and all that is wrong with it. A bad value throws nothing. */
  validate(value: unknown): [isValid: boolean, errors: string[]] {
    const outcome = this.#run(value);
    return outcome.ok ? [true, []] : [false, outcome.issues.map((issue) => issue.message)];
  }

  /** Gives the value back, as the schemas among the rules transform it. Throws a ValidationError. */
  parse(value: unknown): T {
    const outcome = this.#run(value);
    if (outcome.ok) return outcome.value;
    throw validationError(outcome.issues, this.fieldName);
  }

  /** The same as a zod schema, made once. */
  toSchema(): z.ZodType<T, T> {
    return (this.#schema ??= this.#makeSchema());
  }

  get '~standard'(): z.ZodType<T, T>['~standard'] {
    return this.toSchema()['~standard'];
  }

  /** By this zod knows its schemas. */
  get _zod(): z.ZodType<T, T>['_zod'] {
    return this.toSchema()._zod;
  }

  #run(value: unknown): Outcome<T> {
    return run(this.toSchema(), value, [this.fieldName]);
  }

  #makeSchema(): z.ZodType<T, T> {
    const [first, ...rest] = this.#checks;
    const all: z.ZodType = first === undefined ? z.unknown() : z.unknown().check(first, ...rest);
    return (this.#optional ? z.optional(all) : all) as z.ZodType<T, T>;
  }

  #derive<U>(checks: readonly z.core.$ZodCheck<unknown>[], optional: boolean): Validator<U> {
    const derived = new Validator<U>(this.fieldName);
    derived.#checks = checks;
    derived.#optional = optional;
    return derived;
  }
}
