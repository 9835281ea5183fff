import { z } from 'zod';
import { type Wording, wording } from '../schema/name-of.ts';

/** What the zod schema of a rule begins with. */
const bases = {
  string: (error: Wording) => z.string({ error }),
  number: (error: Wording) => z.number({ error }),
  any: () => z.unknown(),
};

/** How a kind of rule is made. */
export interface RuleSpec {
  /** What a value must be, in words that follow a field's name: `must be at least 3 characters`. */
  requirement: string;
  /** Whether a value is so; must be quick, whatever its size. */
  test: (value: unknown) => boolean;
  base: keyof typeof bases;
}

/**
 * One requirement for a value, and the same in three guises: `validate` for yes or no, a Standard
 * Schema (`~standard`), and a zod schema (`schema`; the rule itself may also stand wherever zod takes
 * a schema: `z.object({ name: minLength(3) })`). Immutable, so one may be shared by all.
 */
export class Rule<T> {
  /** What a value must be: `must be at least 3 characters`. */
  readonly requirement: string;
  readonly #spec: RuleSpec;
  #schema: z.ZodType<T, T> | undefined;

  constructor(spec: RuleSpec) {
    this.#spec = spec;
    this.requirement = spec.requirement;
  }

  /** What is said of a bad value that has no other name. */
  get errorMessage(): string {
    return `value ${this.requirement}`;
  }

  /** Never throws: what can't be looked at (a revoked proxy) is bad. */
  validate(value: unknown): value is T {
    try {
      return this.#spec.test(value);
    } catch {
      return false;
    }
  }

  /** The rule as a zod schema, made once, when it is first asked for. */
  get schema(): z.ZodType<T, T> {
    return (this.#schema ??= this.#makeSchema());
  }

  get '~standard'(): z.ZodType<T, T>['~standard'] {
    return this.schema['~standard'];
  }

  /** By this zod knows its schemas. */
  get _zod(): z.ZodType<T, T>['_zod'] {
    return this.schema._zod;
  }

  #makeSchema(): z.ZodType<T, T> {
    const error = wording(this.requirement);
    const base: z.ZodType = bases[this.#spec.base](error);
    return base.check(z.refine((value) => this.validate(value), { error })) as z.ZodType<T, T>;
  }
}
