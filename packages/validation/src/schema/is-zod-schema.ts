import type { z } from 'zod';

/** Also of another copy of zod, of zod/mini, and our rules, which show zod's internals. */
export function isZodSchema(value: unknown): value is z.core.$ZodType {
  return typeof value === 'object' && value !== null && '_zod' in value;
}
