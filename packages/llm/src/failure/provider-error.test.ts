import { ModelError, ServiceError } from '@kortana/errors';
import { expect, test } from 'vitest';
import { providerError } from './provider-error.ts';

const asked = { provider: 'openai', model: 'gpt-4o', redact: (text: string) => text };
const of = (status: number | undefined, body?: unknown, headers?: Record<string, string>) =>
  providerError(asked, {
    ...(status === undefined ? {} : { status }),
    ...(headers ? { headers: new Headers(headers) } : {}),
    body,
  });

test.for([
  ['OpenAI', { error: { message: 'told', type: 'server_error', code: null } }],
  ['older vLLM', { object: 'error', message: 'told', type: 'InternalServerError', code: 500 }],
  ['a bare text', { error: 'told' }],
  ['Gemini', [{ error: { message: 'told', code: 500, status: 'INTERNAL' } }]],
  ['FastAPI', { detail: 'told' }],
  ['Cloudflare', { success: false, errors: [{ code: 7009, message: 'told' }] }],
] as const)('reads the message in the words of %s', ([, body]) => {
  expect(of(500, body).message).toBe('openai answered 500 for gpt-4o: told');
});

test.for([undefined, null, 'text', 7, [], {}, { error: null }, { error: { message: { a: 1 } } }])(
  'makes an error of a body that says nothing: %j',
  (body) => {
    expect(of(503, body)).toMatchObject({ code: 'SERVICE_OPENAI_503', recoverable: true });
  },
);

test('tells what the provider calls it, and the id of the request', () => {
  const body = {
    error: { message: 'no', type: 'requests', code: 'rate_limit_exceeded', param: 'model' },
  };
  expect(of(429, body, { 'x-request-id': 'req_1', 'retry-after': '2' })).toMatchObject({
    retryAfterMs: 2000,
    context: {
      requestId: 'req_1',
      type: 'requests',
      providerCode: 'rate_limit_exceeded',
      param: 'model',
    },
  });
});

test.for([
  ['insufficient_quota', 429],
  ['billing_hard_limit_reached', 400],
  ['insufficient_user_quota', 403],
] as const)('knows %s for lasting', ([code, status]) => {
  expect(of(status, { error: { code } }).recoverable).toBe(false);
  expect(of(status, { error: { type: code } }).recoverable).toBe(false);
});

test.for([
  [400, { error: { code: 'context_length_exceeded', message: 'x' } }],
  [400, { error: { message: "This model's maximum context length is 4096 tokens." } }],
  [400, { object: 'error', message: 'prompt is too long: 9 tokens > 4 maximum' }],
  [413, { error: { message: 'too many tokens' } }],
  [400, { error: { type: 'exceed_context_size_error', message: 'x' } }],
  [
    400,
    {
      error: {
        message: 'The input token count (9) exceeds the maximum number of tokens allowed (4).',
      },
    },
  ],
  [
    400,
    {
      error: {
        message: "This model's maximum prompt length is 4 but the request contains 9 tokens.",
      },
    },
  ],
  [400, { error: { message: 'Input is too long for requested model.' } }],
  [
    400,
    { error: { message: 'The decoder prompt (9) is longer than the maximum model length of 4.' } },
  ],
  [undefined, { error: { code: 'context_length_exceeded' } }],
] as const)('knows too long a context (%j)', ([status, body]) => {
  const error = of(status, body);
  expect(ModelError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ code: 'CONTEXT_LENGTH', recoverable: false, modelName: 'gpt-4o' });
});

test('takes a rate limit that speaks of tokens for a rate limit', () => {
  const error = of(429, {
    error: { message: 'Too many tokens per minute', code: 'rate_limit_exceeded' },
  });
  expect(error).toMatchObject({ name: 'ServiceError', httpStatus: 429, recoverable: true });
});

test.for([
  { error: { code: 'content_policy_violation' } },
  { error: { code: 'content_filter', innererror: { code: 'ResponsibleAIPolicyViolation' } } },
  { error: { type: 'content_filter' } },
  { error: { type: 'invalid_request_error', code: 'invalid_prompt' } },
])('knows a refusal for reasons of content (%j)', (body) => {
  expect(of(400, body)).toMatchObject({
    name: 'ModelError',
    code: 'CONTENT_POLICY',
    recoverable: false,
  });
});

test('gives an error without a status the status that its code speaks of', () => {
  expect(of(undefined, { error: { code: 502, message: 'x' } })).toMatchObject({
    httpStatus: 502,
    recoverable: true,
  });
  expect(of(undefined, { error: { code: '429' } })).toMatchObject({
    httpStatus: 429,
    recoverable: true,
  });
  expect(of(undefined, { error: { type: 'invalid_request_error' } })).toMatchObject({
    httpStatus: 400,
    recoverable: false,
  });
  expect(of(undefined, { error: { type: 'server_error' } })).toMatchObject({
    code: 'SERVICE_OPENAI',
    recoverable: true,
  });
});

test.for([
  [425, true],
  [499, false],
  [520, true],
  [529, true],
  [501, false],
  [505, false],
  [511, false],
] as const)('judges status %i', ([status, recoverable]) => {
  const error = of(status);
  expect(ServiceError.isInstance(error)).toBe(true);
  expect(error.recoverable).toBe(recoverable);
});

test('finds the time to wait in a body that tells it, behind the heads', () => {
  const body = {
    error: { code: 429, message: 'no', details: [{ reason: 'x' }, null, { retryDelay: '34s' }] },
  };
  expect(of(429, body).retryAfterMs).toBe(34_000);
  expect(of(429, body, { 'retry-after': '2' }).retryAfterMs).toBe(2000);
  expect(of(429, { error: { details: [{ retryDelay: 'soon' }] } }).retryAfterMs).toBeUndefined();
});

test('redacts all that the provider says, not its message alone', () => {
  const redacting = { ...asked, redact: (text: string) => text.replace('hunter2', '[…]') };
  const error = { message: 'hunter2', type: 'hunter2', code: 'hunter2', param: 'hunter2' };
  const told = providerError(redacting, { status: 400, body: { error } });
  expect(`${told.stack}${JSON.stringify(told)}`).not.toContain('hunter2');
});

test('keeps a long message short', () => {
  expect(of(500, { error: { message: 'x'.repeat(5000) } }).message.length).toBeLessThan(400);
});
