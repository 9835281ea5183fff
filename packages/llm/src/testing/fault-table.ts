import type { StreamOptions } from '../chat-model.ts';

/** How an error must look, whoever's model threw it. */
export interface ExpectedError {
  kind: 'ServiceError' | 'ModelError' | 'TimeoutError';
  recoverable: boolean;
  code?: string;
  httpStatus?: number;
  retryAfterMs?: number;
  /** Of a TimeoutError: which limit. */
  operation?: string;
}

/** What must come of a fault; `'unharmed'`: the same answer as without it. */
export type Expected = ExpectedError | 'unharmed';

export interface FaultRow {
  /** As a directive of `@kortana/provider` names it. */
  fault: string;
  complete?: Expected;
  stream?: Expected;
  /** Where the fault is a silence: what ends it. Else so much that no busy machine comes near it. */
  limits?: StreamOptions;
}

const service = (recoverable: boolean, more: Partial<ExpectedError> = {}): ExpectedError => ({
  kind: 'ServiceError',
  recoverable,
  ...more,
});

const both = (fault: string, expected: Expected): FaultRow => ({
  fault,
  complete: expected,
  stream: expected,
});

const status = (
  httpStatus: number,
  recoverable: boolean,
  more: Partial<ExpectedError> = {},
): FaultRow => both(String(httpStatus), service(recoverable, { httpStatus, ...more }));

const waiting = (fault: string, retryAfterMs: number): FaultRow =>
  both(fault, service(true, { httpStatus: 429, retryAfterMs }));

const refused = (fault: string, code: string): FaultRow =>
  both(fault, { kind: 'ModelError', recoverable: false, code });

const timeout = (operation: string): ExpectedError => ({
  kind: 'TimeoutError',
  recoverable: true,
  code: 'TIMEOUT',
  operation,
});

const broken = (code: string) => service(true, { code });

const refusals: FaultRow[] = [
  ...[400, 401, 402, 403, 404, 409, 413, 422, 501].map((code) => status(code, false)),
  ...[408, 429, 500, 502, 503, 504, 529].map((code) => status(code, true)),
  waiting('429, retry-after=2', 2000),
  waiting('429, retry-after=0.5', 500),
  waiting('429, retry-after-ms=150', 150),
  waiting('429, retry-after=9, retry-after-ms=150', 150),
  waiting('429, retry-date=7', 7000),
  waiting('rate-headers, reset=6m0s', 360_000),
  both('503, retry-after=3', service(true, { httpStatus: 503, retryAfterMs: 3000 })),
  both('quota', service(false, { httpStatus: 429 })),
  both('bad-gateway-page', service(true, { httpStatus: 502 })),
  refused('context-length', 'CONTEXT_LENGTH'),
  refused('content-policy', 'CONTENT_POLICY'),
  both('redirect', service(false, { code: 'REDIRECTED' })),
];

const breaks: FaultRow[] = [
  both('reset', broken('CONNECTION_FAILED')),
  both('reset-after-head', broken('STREAM_CUT')),
  both('cut', broken('STREAM_CUT')),
  both('cut, after=0', broken('STREAM_CUT')),
  { fault: 'truncated', complete: broken('INVALID_RESPONSE') },
  { fault: 'clean-end', stream: broken('STREAM_CUT') },
  { fault: 'clean-end, after=0', stream: broken('STREAM_CUT') },
  { fault: 'malformed', complete: broken('INVALID_RESPONSE'), stream: broken('STREAM_MALFORMED') },
  { fault: 'json', complete: broken('INVALID_RESPONSE'), stream: broken('NOT_A_STREAM') },
  { fault: 'html', complete: broken('INVALID_RESPONSE'), stream: broken('NOT_A_STREAM') },
  { fault: 'empty-body', complete: broken('INVALID_RESPONSE'), stream: broken('NOT_A_STREAM') },
  both('empty-choices', broken('INVALID_RESPONSE')),
  both('error-event', service(true)),
  both('error-event, after=0', service(true)),
  both('named-error-event', service(true)),
  both('bare-error-event', service(true, { httpStatus: 500 })),
  both('finish-error', broken('STREAM_CUT')),
  both('finish-error, after=0, reason=abort', broken('STREAM_CUT')),
  both('error-event, code=rate_limit_exceeded', service(true, { httpStatus: 429 })),
  both('error-event, code=insufficient_quota', service(false)),
  refused('error-event, code=context_length_exceeded', 'CONTEXT_LENGTH'),
  refused('error-event, code=content_filter', 'CONTENT_POLICY'),
];

const silences: FaultRow[] = [
  { fault: 'hang', complete: timeout('total'), limits: { timeoutMs: 60 } },
  { fault: 'hang-after-head', complete: timeout('total'), limits: { timeoutMs: 60 } },
  { fault: 'stall', complete: timeout('total'), limits: { timeoutMs: 60 } },
  { fault: 'stall', stream: timeout('total'), limits: { timeoutMs: 60 } },
  { fault: 'hang', stream: timeout('first token'), limits: { firstTokenTimeoutMs: 60 } },
  { fault: 'hang-after-head', stream: timeout('first token'), limits: { firstTokenTimeoutMs: 60 } },
  { fault: 'stall, after=0', stream: timeout('first token'), limits: { firstTokenTimeoutMs: 60 } },
  { fault: 'stall', stream: timeout('idle'), limits: { idleTimeoutMs: 60 } },
];

const unharmed: FaultRow[] = [
  ...[
    'latency, ms=5',
    'slow-first-token, ms=5',
    'split-utf8',
    'extra-fields',
    'reset-after-answer',
  ].map((fault) => both(fault, 'unharmed')),
  ...[
    'no-done',
    'no-finish',
    'crlf',
    'comments',
    'no-space',
    'one-write',
    'hold',
    'slow-chunks, ms=5',
    'crlf; comments; no-space; split-utf8',
  ].map((fault): FaultRow => ({ fault, stream: 'unharmed' })),
  {
    // Longer in all than the limit: each comment is a sign of life.
    fault: 'keep-alive-only, count=5, ms=100',
    stream: 'unharmed',
    limits: { firstTokenTimeoutMs: 400 },
  },
];

/** Every way a provider can fail, and what a model must make of it. */
export const faultTable: readonly FaultRow[] = [...refusals, ...breaks, ...silences, ...unharmed];
