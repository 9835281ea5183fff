import { parseDuration } from './retry-after.ts';

/** What providers tell about an error, in the many shapes they tell it. */
export interface ErrorDetail {
  message?: string;
  type?: string;
  code?: string;
  param?: string;
  /** Some put an HTTP status into the code (OpenRouter, Gemini, vLLM). */
  status?: number;
  /** Some put the time to wait into the body (Gemini). */
  retryAfterMs?: number;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const defined = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** Google's RetryInfo: `{ retryDelay: '34s' }` among the details of an error. */
function retryDelayOf(details: unknown): number | undefined {
  const info = Array.isArray(details)
    ? details.find((one) => isRecord(one) && one['retryDelay'])
    : {};
  const text = isRecord(info) ? textOf(info['retryDelay']) : undefined;
  return text === undefined ? undefined : parseDuration(text);
}

/**
 * `{ error: { message, type, code, param } }` (OpenAI), `{ error: '…' }`, `{ message, code }`
 * (older vLLM), `[{ error }]` (Gemini), `{ errors: [error] }` (Cloudflare),
 * `error.innererror.code` (Azure): all become one.
 */
export function errorDetail(body: unknown): ErrorDetail {
  const first: unknown = Array.isArray(body) ? body[0] : body;
  if (!isRecord(first)) return {};
  if (typeof first['error'] === 'string') return { message: first['error'] };
  const error = [first['error'], first['errors']].flat().find(isRecord) ?? first;
  const inner = isRecord(error['innererror']) ? textOf(error['innererror']['code']) : undefined;
  const status = Number(error['code']);
  return defined({
    message: textOf(error['message']) ?? textOf(error['detail']),
    type: textOf(error['type']),
    code: inner ?? (Number.isNaN(status) ? textOf(error['code']) : undefined),
    param: textOf(error['param']),
    status: status >= 400 && status < 600 ? status : undefined,
    retryAfterMs: retryDelayOf(error['details']),
  });
}
