import { isThenable } from '@kortana/errors';
import { z } from 'zod';
import { Rule } from '../rules/rule.ts';
import { isZodSchema } from './is-zod-schema.ts';
import { wording } from './name-of.ts';
import type { Predicate, RuleLike } from './rule-like.ts';
import { runRaw, waits } from './run.ts';
import { isStandardSchema, type StandardSchema } from './standard-schema.ts';

type Check = z.core.$ZodCheck<unknown>;

/** Any rule as a check of zod's: what is said of a bad value is `requirement`, else the rule's own. */
export function checkOf(rule: RuleLike, requirement?: string, name?: string): Check {
  if (rule instanceof Rule) {
    return check((value) => rule.validate(value), requirement ?? rule.requirement, name);
  }
  if (isZodSchema(rule)) return schemaCheck(rule, requirement, name);
  if (isStandardSchema(rule)) {
    return schemaCheck(z.unknown().check(standardCheck(rule)), requirement, name);
  }
  if (typeof rule === 'function') return check((value) => ask(rule, value), requirement, name);
  throw new TypeError(
    `Expected a rule, a schema or a function, got a value of type ${typeof rule}`,
  );
}

function check(
  test: (value: unknown) => boolean,
  requirement = 'must be valid',
  name?: string,
): Check {
  return z.refine(test, { error: wording(requirement, name) });
}

/** One that throws says no: it was written for values of its kind, and gets all kinds. */
function ask(predicate: Predicate, value: unknown): boolean {
  let verdict: unknown;
  try {
    verdict = predicate(value);
  } catch {
    return false;
  }
  // A promise is truthy, and would let everything through.
  if (isThenable(verdict)) throw waits(verdict);
  return Boolean(verdict);
}

/**
 * A whole schema as a check of another: what it makes of the value is what the next one gets. Its
 * issues don't keep the next ones from judging; `requirement` stands for all of them.
 */
function schemaCheck(schema: z.core.$ZodType, requirement?: string, name?: string): Check {
  const refuse = requirement === undefined ? undefined : check(() => false, requirement, name);
  return z.check((payload) => {
    const { value, issues } = runRaw(schema, payload.value);
    if (issues.length === 0) payload.value = value;
    else if (refuse !== undefined) void refuse._zod.check(payload);
    else payload.issues.push(...issues.map((issue) => Object.assign(issue, { continue: true })));
  });
}

/** A schema of another library as a check of zod's. */
function standardCheck(schema: StandardSchema): Check {
  return z.check((payload) => {
    const result = schema['~standard'].validate(payload.value);
    if (isThenable(result)) throw waits(result);
    if (result.issues === undefined) payload.value = result.value;
    for (const { message, path = [] } of result.issues ?? []) {
      const keys = path.map((segment) => (typeof segment === 'object' ? segment.key : segment));
      payload.issues.push({
        code: 'custom',
        message,
        path: keys,
        input: payload.value,
        continue: true,
      });
    }
  });
}
