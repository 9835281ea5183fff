import { type KortanaError, ModelError, ServiceError } from '@kortana/errors';
import { type ErrorDetail, errorDetail } from './error-detail.ts';
import { retryAfterMs } from './retry-after.ts';

/** Who was asked, and what of it must not be seen in an error. */
export interface Asked {
  provider: string;
  model: string;
  redact(text: string): string;
}

/** A refusal: with a status, or (in a stream, or behind a 200) without. */
export interface Refusal {
  status?: number;
  headers?: Headers;
  /** Parsed JSON, where it was any. */
  body?: unknown;
}

/** As OpenAI, vLLM, llama.cpp, Anthropic, Google, xAI and Bedrock put it. */
const contextLength =
  /context[ _]?(?:length|window|size)|maximum (?:context|prompt|model length)|(?:prompt|input) is too long|too many (?:input )?tokens|exceeds the maximum number of tokens/i;
const contentPolicy =
  /^(?:content_policy_violation|content_filter|invalid_prompt|moderation_blocked|ResponsibleAIPolicyViolation)$/;
const quota =
  /^(?:insufficient_quota|insufficient_user_quota|billing_hard_limit_reached|billing_not_active)$/;

/** What an error in the band would have had for a status. */
const statusOfWord: Record<string, number> = {
  rate_limit_exceeded: 429,
  rate_limit_error: 429,
  insufficient_quota: 429,
  invalid_request_error: 400,
  invalid_api_key: 401,
  authentication_error: 401,
  permission_error: 403,
  model_not_found: 404,
  not_found_error: 404,
};

/** Of 5xx only these say that it will never work. */
const permanent = new Set([501, 505, 510, 511]);

const isTransient = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || (status >= 500 && !permanent.has(status));

/** `x-should-retry`: OpenAI says it, and gateways that have tried again themselves. */
function told({ headers }: Refusal): boolean | undefined {
  const word = headers?.get('x-should-retry');
  return word === 'true' ? true : word === 'false' ? false : undefined;
}

/** The error that a provider's refusal is. */
export function providerError(asked: Asked, refusal: Refusal): KortanaError {
  const detail = errorDetail(refusal.body);
  const { code = '', type = '', message = '' } = detail;
  const status = refusal.status ?? detail.status ?? statusOfWord[code] ?? statusOfWord[type];
  const shared = {
    context: contextOf(asked, refusal, detail),
    retryAfterMs: (refusal.headers && retryAfterMs(refusal.headers)) ?? detail.retryAfterMs,
  };
  const words = wordsFor(asked, status, detail);
  const model = { modelName: asked.model, recoverable: false, ...shared };
  if (contentPolicy.test(code) || contentPolicy.test(type)) {
    return new ModelError(words, { ...model, code: 'CONTENT_POLICY' });
  }
  const mayBeTooLong = status === undefined || status === 400 || status === 413 || status === 422;
  if (mayBeTooLong && [code, type, message].some((text) => contextLength.test(text))) {
    return new ModelError(words, { ...model, code: 'CONTEXT_LENGTH' });
  }
  const isQuota = quota.test(code) || quota.test(type);
  return new ServiceError(words, {
    serviceName: asked.provider,
    httpStatus: status,
    // A server that fails in mid-stream has no status: like a 500, it may do better next time.
    recoverable: !isQuota && (told(refusal) ?? (status === undefined || isTransient(status))),
    ...shared,
  });
}

const hints: Record<number, string> = {
  401: 'check the key (apiKey, OPENAI_API_KEY)',
  404: 'check the model and the base URL',
};

const longestMessage = 300;

function wordsFor(asked: Asked, status: number | undefined, detail: ErrorDetail): string {
  const shown = asked.redact(detail.message ?? '').slice(0, longestMessage);
  const hint = status === undefined ? undefined : hints[status];
  return [
    `${asked.provider} ${status === undefined ? 'failed' : `answered ${status}`} for ${asked.model}`,
    shown && `: ${shown}`,
    hint && ` (${hint})`,
  ]
    .filter(Boolean)
    .join('');
}

function contextOf(
  asked: Asked,
  { headers }: Refusal,
  detail: ErrorDetail,
): Record<string, unknown> {
  const requestId = headers?.get('x-request-id');
  return {
    provider: asked.provider,
    model: asked.model,
    ...(requestId ? { requestId } : {}),
    ...(detail.type ? { type: asked.redact(detail.type) } : {}),
    ...(detail.code ? { providerCode: asked.redact(detail.code) } : {}),
    ...(detail.param ? { param: asked.redact(detail.param) } : {}),
  };
}
