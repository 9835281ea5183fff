import type { ValidationIssue } from '@kortana/errors';
import type { RuleLike } from '../schema/rule-like.ts';
import { run } from '../schema/run.ts';
import { schemaOf } from '../schema/schema-of.ts';
import { validationError } from '../schema/validation-error.ts';
import { Validator } from '../validator.ts';

/** Gives the arguments back, as the rules transform them, or throws a ValidationError. */
export type Judge = (args: unknown[]) => unknown[];

/** Judges fields of the first argument. */
export function judgeFields(shape: Readonly<Record<string, RuleLike>>): Judge {
  const judge = judgeAll(Object.entries(shape).map(([key, rule]) => ({ key, name: key, rule })));
  return (args) => {
    const [first, ...others] = args;
    const fields = typeof first === 'object' && first !== null ? first : {};
    const changed = judge(fields);
    return changed === undefined ? args : [{ ...fields, ...changed }, ...others];
  };
}

/** Judges the arguments by their places. */
export function judgePlaces(rules: readonly RuleLike[]): Judge {
  const judge = judgeAll(
    rules.map((rule, place) => ({ key: place, name: nameOf(rule, place), rule })),
  );
  return (args) => {
    const changed = judge(args);
    return changed === undefined ? args : Object.assign([...args], changed);
  };
}

/** A Validator may have a name of its own. */
function nameOf(rule: RuleLike, place: number): string {
  const own = rule instanceof Validator ? rule.fieldName : 'value';
  return own === 'value' ? `args.${place}` : own;
}

interface Place {
  key: PropertyKey;
  name: string;
  rule: RuleLike;
}

/** Tells what the rules changed; throws one error for all that is bad. */
function judgeAll(places: readonly Place[]) {
  // Once, not for every call.
  const judges = places.map(({ key, name, rule }) => ({ key, name, schema: schemaOf(rule) }));
  return (values: object): Record<PropertyKey, unknown> | undefined => {
    const issues: ValidationIssue[] = [];
    const bad: string[] = [];
    let changed: Record<PropertyKey, unknown> | undefined;
    for (const { key, name, schema } of judges) {
      const value: unknown = Reflect.get(values, key);
      const outcome = run(schema, value, [name]);
      if (!outcome.ok) {
        bad.push(name);
        issues.push(...outcome.issues);
      } else if (!Object.is(outcome.value, value)) {
        (changed ??= {})[key] = outcome.value;
      }
    }
    if (bad.length > 0) throw validationError(issues, bad.length === 1 ? bad[0] : undefined);
    return changed;
  };
}
