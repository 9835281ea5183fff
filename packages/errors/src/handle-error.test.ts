import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { handleError, ModelError, ServiceError, ValidationError } from './index.ts';

const coded = (code: string) => Object.assign(new Error('x'), { code });
const wrapped = (cause: unknown) => new Error('outer', { cause });
const withStatus = (status: unknown, cause?: unknown) =>
  Object.assign(new Error('x', { cause }), { status });

describe('is recoverable', () => {
  test.for([
    ['a KortanaError that says so', new ModelError('x')],
    ['a connection that was reset', coded('ECONNRESET')],
    ...[
      'EADDRNOTAVAIL',
      'EAI_AGAIN',
      'ECONNREFUSED',
      'ENOTFOUND',
      'EPIPE',
      'ERR_HTTP2_GOAWAY_SESSION',
      'ERR_HTTP2_SESSION_ERROR',
      'ERR_HTTP2_STREAM_CANCEL',
      'ERR_HTTP2_STREAM_ERROR',
      'ESERVFAIL',
      'ETIMEDOUT',
      'ETIMEOUT',
      'UND_ERR_BODY_TIMEOUT',
      'UND_ERR_CONNECT_TIMEOUT',
      'UND_ERR_HEADERS_TIMEOUT',
      'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
      'UND_ERR_SOCKET',
    ].map((code) => [code, new TypeError('fetch failed', { cause: coded(code) })] as const),
    ['a timeout of the socket', coded('ETIMEDOUT')],
    ['a name server that is busy', coded('EAI_AGAIN')],
    ['a connection that took too long', coded('ERR_SOCKET_CONNECTION_TIMEOUT')],
    ['a session that the server ended', coded('ERR_HTTP2_GOAWAY_SESSION')],
    [
      'a failed fetch, by its cause',
      new TypeError('fetch failed', { cause: coded('ECONNREFUSED') }),
    ],
    ['a cause three levels down', wrapped(wrapped(wrapped(coded('UND_ERR_SOCKET'))))],
    ['a KortanaError that is a cause', wrapped(new ServiceError('x', { httpStatus: 503 }))],
    ['a timeout of an AbortSignal', new DOMException('too late', 'TimeoutError')],
    ['a plain object with a status', { status: 503 }],
    ['a status under its other name', { statusCode: 503 }],
    ['an aggregate of only such', new AggregateError([coded('EPIPE'), withStatus(429)])],
  ])('%s', ([, error]) => {
    expect(handleError(error)[0]).toBe(true);
  });
  test.for([408, 429, 500, 502, 503, 504])('status %d', (status) => {
    expect(handleError(withStatus(status))[0]).toBe(true);
  });
});

describe('is not recoverable', () => {
  test.for([
    [
      'a KortanaError that says so, whatever caused it',
      new ValidationError('x', { cause: coded('ECONNRESET') }),
    ],
    ['an abort', new DOMException('stop', 'AbortError')],
    ['an abort by code', coded('ABORT_ERR')],
    [
      'an abort that has a network cause',
      Object.assign(wrapped(coded('ECONNRESET')), { name: 'AbortError' }),
    ],
    ['a wrapped abort', wrapped(new DOMException('stop', 'AbortError'))],
    ['an error that says nothing', new Error('x')],
    ['a refused status with a network cause', withStatus(404, coded('ECONNRESET'))],
    ['a status that is no number', withStatus('503')],
    ['an unknown code', coded('EACCES')],
    ['an aggregate with one that is not', new AggregateError([coded('EPIPE'), new Error('x')])],
    [
      'an aggregate with one that is not, behind many that are',
      new AggregateError([...Array.from({ length: 150 }, () => coded('EPIPE')), new Error('x')]),
    ],
    ['an empty aggregate', new AggregateError([])],
    ['null', null],
    ['undefined', undefined],
    ['a text', 'ECONNRESET'],
    ['a number', 503],
    ['a function', () => 1],
  ])('%s', ([, error]) => {
    expect(handleError(error)[0]).toBe(false);
  });
  test.for([200, 400, 401, 403, 404, 422, 501])('status %d', (status) => {
    expect(handleError(withStatus(status))[0]).toBe(false);
  });
});

describe('says', () => {
  test.for([
    [new ModelError('no answer', { modelName: 'm' }), 'no answer'],
    [new Error('x'), 'x'],
    [new RangeError(), 'RangeError'],
    ['only a text', 'only a text'],
    ['', 'Unknown error'],
    [null, 'Unknown error (null)'],
    [undefined, 'Unknown error (undefined)'],
    [404, 'Unknown error (404)'],
    [Symbol('s'), 'Unknown error (Symbol(s))'],
    [{ message: 'in an object' }, 'in an object'],
    [{}, 'Unknown error'],
    [new AggregateError([new Error('a'), 'b']), 'a; b'],
    [new AggregateError([new Error('a')], 'all failed'), 'all failed'],
    [new Error('bad key sk-1234567890abcdef'), 'bad key [masked]'],
  ])('%#: %s', ([error, message]) => {
    expect(handleError(error)[1]).toBe(message);
  });
});

test('cycles of causes and aggregates end', () => {
  const error = new Error('x');
  error.cause = error;
  const aggregate = new AggregateError([]);
  aggregate.errors.push(aggregate, aggregate);
  expect(handleError(error)).toEqual([false, 'x']);
  expect(handleError(aggregate)[0]).toBe(false);
});

test('a huge aggregate is looked at in part', () => {
  const wide = (depth: number): unknown =>
    depth === 0
      ? coded('EPIPE')
      : new AggregateError(Array.from({ length: 50 }, () => nested[depth - 1]));
  const nested: unknown[] = [];
  for (let depth = 0; depth < 8; depth++) nested.push(wide(depth));
  const [recoverable, message] = handleError(nested.at(-1));
  expect(recoverable).toBe(false);
  expect(message.length).toBeLessThan(5000);
});

test('never throws, whatever it is given', () => {
  const hostile = new Proxy(
    {},
    {
      get: () => {
        throw new Error('no');
      },
      getPrototypeOf: () => {
        throw new Error('no');
      },
    },
  );
  expect(handleError(hostile)).toEqual([false, 'Unknown error']);
  fc.assert(
    fc.property(
      fc.anything({
        withBigInt: true,
        withDate: true,
        withMap: true,
        withNullPrototype: true,
        withObjectString: true,
        withSet: true,
        withSparseArray: true,
        withTypedArray: true,
      }),
      (value) => {
        for (const error of [
          value,
          { cause: value, errors: [value], name: value, status: value, message: value },
        ]) {
          const [recoverable, message] = handleError(error);
          expect(recoverable).toBeTypeOf('boolean');
          expect(message).toBeTypeOf('string');
        }
      },
    ),
  );
});
