import { type ObjectOf, type ObjectSchema, pathOf } from './object-schema.ts';
import { parseJson } from './parse-json.ts';

/** One thing that is wrong with an answer. */
export interface Flaw {
  path: string;
  message: string;
}

export type Judgement<T> = { ok: true; value: T } | { ok: false; issues: Flaw[] };

/** Whether an answer is what the schema wants, and what it makes of it. */
export async function judge<S extends ObjectSchema>(
  schema: S,
  content: string,
): Promise<Judgement<ObjectOf<S>>> {
  let parsed: unknown;
  try {
    parsed = parseJson(content);
  } catch {
    return { ok: false, issues: [{ path: '', message: 'The answer is not JSON' }] };
  }
  const outcome = await schema['~standard'].validate(parsed);
  if (!outcome.issues) return { ok: true, value: outcome.value as ObjectOf<S> };
  return {
    ok: false,
    issues: outcome.issues.map((issue) => ({ path: pathOf(issue), message: issue.message })),
  };
}
