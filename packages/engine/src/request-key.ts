import { hash } from 'node:crypto';
import type { ChatRequest } from '@kortana/llm';
import type { Lane } from './models/lane.ts';

/** Part of every key: a change of what is kept under it must not meet what was kept before. */
const schemaVersion = 1;

/**
 * What each field of a request means for the answer. `keyed` ones make two requests different. To
 * be neutral has to be said, to count has not: fields nobody thought of are keyed, too.
 */
export const requestFields = {
  messages: 'keyed',
  /** In the lane's key: the name that is really asked for. */
  model: 'neutral',
  temperature: 'keyed',
  maxTokens: 'keyed',
  tools: 'keyed',
  toolChoice: 'keyed',
  responseFormat: 'keyed',
  stop: 'keyed',
  seed: 'keyed',
  extra: 'keyed',
} as const satisfies Record<keyof ChatRequest, 'keyed' | 'neutral'>;

/**
 * The name under which an answer may be shared: SHA-256 over the whole request in one canonical
 * spelling, whose it is, and who is asked. Not reversible: it shows nothing of the prompt.
 */
export function requestKey(
  { request, tenant }: { request: ChatRequest; tenant: string },
  lane: Lane,
): string {
  return hash('sha256', canonical([schemaVersion, tenant, lane.key, keyedFields(request)]));
}

function keyedFields(request: ChatRequest): Record<string, unknown> {
  const fields: Record<string, unknown> = { ...request };
  for (const name of neutralFields) delete fields[name];
  return fields;
}

const neutralFields = Object.entries(requestFields).flatMap(([name, meaning]) =>
  meaning === 'neutral' ? [name] : [],
);

/** JSON with its fields in order: what is the same on the wire is the same text. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if ('toJSON' in value && typeof value.toJSON === 'function') return canonical(value.toJSON());
  const fields: string[] = [];
  for (const name of Object.keys(value).sort()) {
    const field: unknown = Reflect.get(value, name);
    if (field !== undefined) fields.push(`${JSON.stringify(name)}:${canonical(field)}`);
  }
  return `{${fields.join()}}`;
}
