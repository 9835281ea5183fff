import { z } from 'zod';
import { checkOf } from './checks.ts';
import { isZodSchema } from './is-zod-schema.ts';
import type { RuleLike } from './rule-like.ts';

/** Any rule as a schema of zod's. */
export function schemaOf(rule: RuleLike): z.core.$ZodType {
  return isZodSchema(rule) ? rule : z.unknown().check(checkOf(rule));
}
