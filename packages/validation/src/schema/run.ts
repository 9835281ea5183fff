import { isThenable, type ValidationIssue } from '@kortana/errors';
import { z } from 'zod';
import { nameOf, say } from './name-of.ts';
import { requirementOf } from './requirement-of.ts';

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: ValidationIssue[] };

/**
 * Judges a value that stands at `path`. `safeParse` would do, but for two things: here the path is
 * known to those who word the messages, and zod's own messages are put into the words of our rules.
 */
export function run<T>(
  schema: z.core.$ZodType<T>,
  value: unknown,
  path: readonly PropertyKey[],
): Outcome<T> {
  const payload = runRaw(schema, value);
  return payload.issues.length === 0
    ? { ok: true, value: payload.value as T }
    : { ok: false, issues: payload.issues.map((issue) => finish(issue, path)) };
}

/** What zod itself gives. Throws a TypeError if the schema needs to wait for something. */
export function runRaw(schema: z.core.$ZodType, value: unknown): z.core.ParsePayload {
  try {
    const payload = schema._zod.run({ value, issues: [] }, { async: false });
    if (!isThenable(payload)) return payload;
    throw waits(payload);
  } catch (error) {
    throw error instanceof z.core.$ZodAsyncError ? waits() : error;
  }
}

/** The error for a rule that answers with a promise; what becomes of that is nobody's concern. */
export function waits(answer?: PromiseLike<unknown>): TypeError {
  answer?.then(undefined, () => undefined);
  return new TypeError('Expected a rule that answers at once, got one that is asynchronous');
}

function finish(raw: z.core.$ZodRawIssue, at: readonly PropertyKey[]): ValidationIssue {
  const path = [...at, ...(raw.path ?? [])];
  const { message } = z.core.util.finalizeIssue({ ...raw, path }, ourWords, z.core.config());
  return { path: nameOf(path), message: say(nameOf(path), message) };
}

/** What is said where neither a rule nor the user's schema has a message of its own. */
const ourWords = {
  async: false,
  error: (issue: z.core.$ZodRawIssue) => say(nameOf(issue.path), requirementOf(issue)),
};
