import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import {
  KortanaError,
  ModelError,
  ServiceError,
  TimeoutError,
  toKortanaError,
  ValidationError,
} from './index.ts';

test('gives back what is one already', async () => {
  const error = new ModelError('x');
  expect(toKortanaError(error)).toBe(error);
  vi.resetModules();
  const copy = new (await import('./index.ts')).ModelError('x');
  expect(toKortanaError(copy)).toBe(copy);
});

test.for([
  [new DOMException('stop', 'AbortError'), KortanaError, 'ABORTED', false],
  [new DOMException('late', 'TimeoutError'), TimeoutError, 'TIMEOUT', true],
  [Object.assign(new Error('x'), { code: 'ETIMEDOUT' }), TimeoutError, 'TIMEOUT', true],
  [Object.assign(new Error('x'), { code: 'ECONNRESET' }), ServiceError, 'SERVICE_ERROR', true],
  [
    new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }),
    ServiceError,
    'SERVICE_ERROR',
    true,
  ],
  [Object.assign(new Error('x'), { status: 503 }), ServiceError, 'SERVICE_ERROR_503', true],
  [Object.assign(new Error('x'), { status: 404 }), ServiceError, 'SERVICE_ERROR_404', false],
  [
    Object.assign(new Error('x'), { issues: [{ path: ['a', 0], message: 'bad' }] }),
    ValidationError,
    'VALIDATION_ERROR',
    false,
  ],
  [
    new AggregateError([new ModelError('a'), new ModelError('b')]),
    KortanaError,
    'KORTANA_ERROR',
    true,
  ],
  [
    Object.assign(new AggregateError([{ code: 'ECONNREFUSED' }]), { code: 'ECONNREFUSED' }),
    ServiceError,
    'SERVICE_ERROR',
    true,
  ],
  [new RangeError('x'), KortanaError, 'KORTANA_ERROR', false],
  ['text', KortanaError, 'KORTANA_ERROR', false],
] as const)(
  '%#: becomes the class that fits, with the error as its cause',
  ([error, Kind, code, recoverable]) => {
    const converted = toKortanaError(error);
    expect(converted.constructor).toBe(Kind);
    expect(converted).toMatchObject({ code, recoverable });
    expect(converted.cause).toBe(error);
  },
);

test('keeps what the far side said of waiting', () => {
  expect(toKortanaError({ status: 429, retryAfterMs: 500, message: 'slow down' })).toMatchObject({
    message: 'slow down',
    retryAfterMs: 500,
    httpStatus: 429,
  });
});

test('keeps issues with their paths as text', () => {
  expect(
    toKortanaError({ issues: [{ path: ['user', { key: 'tags' }, 0], message: 'bad' }] }),
  ).toMatchObject({ issues: [{ path: 'user.tags.0', message: 'bad' }] });
});

test('the fallback says what an error is that fits no class and says nothing', () => {
  expect(toKortanaError(null, 'no answer').message).toBe('no answer');
  expect(
    toKortanaError(null, { message: 'no answer', code: 'X', recoverable: true }),
  ).toMatchObject({ message: 'no answer', code: 'X', recoverable: true });
  expect(
    toKortanaError(new Error('own'), { message: 'no answer', severity: 'high' }),
  ).toMatchObject({ message: 'own', severity: 'high' });
  expect(toKortanaError('own', 'no answer').message).toBe('own');
  expect(toKortanaError(null).message).toBe('Unknown error (null)');
  expect(toKortanaError(new ServiceError('x'), 'no answer').message).toBe('x');
});

test('an undefined in the fallback means the default, and a cause in it isn’t taken', () => {
  const all = new AggregateError([new ModelError('a')]);
  const fallback = { recoverable: undefined, code: undefined, cause: new Error('other') };
  const converted = toKortanaError(all, fallback);
  expect(converted).toMatchObject({ recoverable: true, code: 'KORTANA_ERROR' });
  expect(converted.cause).toBe(all);
});

test('never throws', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  expect(toKortanaError(proxy, proxy)).toBeInstanceOf(KortanaError);
  fc.assert(
    fc.property(fc.anything(), fc.anything(), (value, fallback) => {
      for (const error of [value, { code: value, issues: [value], status: value, errors: value }]) {
        expect(toKortanaError(error, fallback as never)).toBeInstanceOf(KortanaError);
      }
    }),
  );
});
