import { json } from '../completion.ts';
import type { Step } from '../step.ts';
import type { Fault, Params } from './fault.ts';

interface Refusal {
  status: number;
  message: string;
  type: string;
  code?: string;
}

const refuse = (
  { status, message, type, code }: Refusal,
  headers: Record<string, string> = {},
): Step[] =>
  json(
    status,
    { error: { message, type, param: null, code: code ?? null } },
    { 'x-request-id': 'req_fault', ...headers },
  );

/** `retry-after` (seconds), `retry-after-ms`, `retry-date` (seconds from now, sent as a date). */
const waiting = (params: Params): Record<string, string> => {
  const seconds = params.text('retry-after', '');
  const milliseconds = params.text('retry-after-ms', '');
  const date = params.text('retry-date', '');
  return {
    ...(seconds && { 'retry-after': seconds }),
    ...(milliseconds && { 'retry-after-ms': milliseconds }),
    ...(date && { 'retry-after': new Date(Date.now() + Number(date) * 1000).toUTCString() }),
  };
};

const status = (refusal: Refusal): Fault => ({
  about: `${refusal.status} ${refusal.message}`,
  apply: (_, params) => refuse(refusal, waiting(params)),
});

const server = (code: number, message: string) =>
  status({ status: code, message, type: 'server_error' });

const request = (code: number, message: string, name?: string) =>
  status({ status: code, message, type: 'invalid_request_error', ...(name ? { code: name } : {}) });

const page502 = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';

/** Answers with a status that is an error; all take `retry-after`, `retry-after-ms`, `retry-date`. */
export const statuses: Record<string, Fault> = {
  '400': request(400, 'Invalid value for a field of the request.'),
  '401': request(401, 'Incorrect API key provided.', 'invalid_api_key'),
  '402': request(402, 'Payment required.'),
  '403': request(403, 'Your account may not use this model.'),
  '404': request(
    404,
    'The model does not exist or you do not have access to it.',
    'model_not_found',
  ),
  '408': server(408, 'The request took too long.'),
  '409': request(409, 'The resource is locked.'),
  '413': request(413, 'The request is too large.'),
  '422': request(422, 'The request cannot be processed.'),
  '429': status({
    status: 429,
    message: 'Rate limit reached for requests.',
    type: 'requests',
    code: 'rate_limit_exceeded',
  }),
  '500': server(500, 'The server had an error while processing your request.'),
  '501': server(501, 'Not implemented.'),
  '502': server(502, 'Bad gateway.'),
  '503': server(503, 'The engine is currently overloaded.'),
  '504': server(504, 'Gateway timeout.'),
  '529': server(529, 'Overloaded.'),
  quota: status({
    status: 429,
    message: 'You exceeded your current quota, please check your plan and billing details.',
    type: 'insufficient_quota',
    code: 'insufficient_quota',
  }),
  'rate-headers': {
    about: '429 that tells the wait in x-ratelimit-reset headers only; `reset` = 1.5s',
    apply: (_, params) =>
      refuse(
        {
          status: 429,
          message: 'Rate limit reached for tokens.',
          type: 'tokens',
          code: 'rate_limit_exceeded',
        },
        {
          'x-ratelimit-limit-requests': '500',
          'x-ratelimit-remaining-requests': '499',
          'x-ratelimit-reset-requests': '120ms',
          'x-ratelimit-limit-tokens': '30000',
          'x-ratelimit-remaining-tokens': '0',
          'x-ratelimit-reset-tokens': params.text('reset', '1.5s'),
        },
      ),
  },
  'context-length': request(
    400,
    "This model's maximum context length is 8192 tokens.",
    'context_length_exceeded',
  ),
  'content-policy': request(
    400,
    'Your request was rejected as a result of our safety system.',
    'content_policy_violation',
  ),
  'bad-gateway-page': {
    about: '502 with a page of HTML, as a proxy sends it',
    apply: () => [
      { do: 'head', status: 502, headers: { 'content-type': 'text/html' } },
      { do: 'write', data: page502 },
      { do: 'end' },
    ],
  },
  redirect: {
    about: '302 to `to`',
    apply: (_, params) => [
      { do: 'head', status: 302, headers: { location: params.text('to', '/v1/chat/completions') } },
      { do: 'end' },
    ],
  },
};
