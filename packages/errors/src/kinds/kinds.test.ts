import { expect, test } from 'vitest';
import {
  ConfigurationError,
  KortanaError,
  MemoryError,
  ModelError,
  RetryableError,
  ServiceError,
  TimeoutError,
  ValidationError,
} from '../index.ts';

test.for([
  [new ConfigurationError('x'), 'ConfigurationError', 'CONFIG_INVALID', 'high', false],
  [
    new ConfigurationError('x', { configKey: 'openai.apiKey' }),
    'ConfigurationError',
    'CONFIG_OPENAI_APIKEY',
    'high',
    false,
  ],
  [new MemoryError('x'), 'MemoryError', 'MEMORY_ERROR', 'medium', true],
  [new MemoryError('x', { recoverable: false }), 'MemoryError', 'MEMORY_ERROR', 'medium', false],
  [new ModelError('x'), 'ModelError', 'MODEL_ERROR', 'medium', true],
  [
    new ModelError('x', { modelName: 'gpt-4o', recoverable: false }),
    'ModelError',
    'MODEL_GPT_4O',
    'medium',
    false,
  ],
  [new ServiceError('x'), 'ServiceError', 'SERVICE_ERROR', 'medium', false],
  [
    new ServiceError('x', { httpStatus: 499 }),
    'ServiceError',
    'SERVICE_ERROR_499',
    'medium',
    false,
  ],
  [new ServiceError('x', { httpStatus: 500 }), 'ServiceError', 'SERVICE_ERROR_500', 'high', true],
  [
    new ServiceError('x', { serviceName: 'open ai!', httpStatus: 429 }),
    'ServiceError',
    'SERVICE_OPEN_AI__429',
    'medium',
    true,
  ],
  [
    new ServiceError('x', { httpStatus: 503, recoverable: false }),
    'ServiceError',
    'SERVICE_ERROR_503',
    'high',
    false,
  ],
  [
    new ServiceError('x', { httpStatus: 400, recoverable: true }),
    'ServiceError',
    'SERVICE_ERROR_400',
    'medium',
    true,
  ],
  [new ValidationError('x'), 'ValidationError', 'VALIDATION_ERROR', 'low', false],
  [
    new ValidationError('x', { field: 'user.e-mail' }),
    'ValidationError',
    'VALIDATION_USER_E_MAIL',
    'low',
    false,
  ],
  [new TimeoutError('x', { operation: 'load' }), 'TimeoutError', 'TIMEOUT', 'medium', true],
  [new RetryableError('x'), 'RetryableError', 'RETRYABLE_ERROR', 'low', true],
] as const)(
  '%#: $1 has code $2, severity $3 and recoverable $4',
  ([error, name, code, severity, recoverable]) => {
    expect(error).toMatchObject({ name, code, severity, recoverable, message: 'x' });
    expect(error.stack).toMatch(new RegExp(`^${name}: x\n`));
    expect(error).toBeInstanceOf(KortanaError);
    expect(error).toBeInstanceOf(Error);
  },
);

test.for([408, 429, 500, 502, 503, 504])('status %d is worth another try', (httpStatus) => {
  expect(new ServiceError('x', { httpStatus }).recoverable).toBe(true);
});

test.for([400, 401, 403, 404, 409, 422, 501, 505])('status %d is not', (httpStatus) => {
  expect(new ServiceError('x', { httpStatus }).recoverable).toBe(false);
});

test('every kind takes what all errors take', () => {
  const cause = new Error('below');
  const told = {
    code: 'MINE',
    severity: 'critical',
    retryAfterMs: 5,
    context: { a: 1 },
    cause,
  } as const;
  for (const Kind of [
    ConfigurationError,
    MemoryError,
    ModelError,
    ServiceError,
    ValidationError,
    TimeoutError,
    RetryableError,
  ]) {
    expect(new Kind('x', told)).toMatchObject(told);
  }
});

test('each keeps what it is about', () => {
  expect(new ConfigurationError('x', { configKey: 'k' }).configKey).toBe('k');
  expect(new ModelError('x', { modelName: 'm' }).modelName).toBe('m');
  expect(
    new ServiceError('x', { serviceName: 's', httpStatus: 429, retryAfterMs: 7 }),
  ).toMatchObject({ serviceName: 's', httpStatus: 429, retryAfterMs: 7 });
  expect(new TimeoutError('x', { operation: 'o', timeoutMs: 9 })).toMatchObject({
    operation: 'o',
    timeoutMs: 9,
  });
  const issues = [{ path: 'a.b', message: 'must be there' }];
  const error = new ValidationError('x', { field: 'a', issues });
  issues.pop();
  expect(error).toMatchObject({ field: 'a', issues: [{ path: 'a.b', message: 'must be there' }] });
});

test('what was not told is not there', () => {
  for (const error of [
    new ServiceError('x'),
    new TimeoutError('x'),
    new ModelError('x'),
    new ConfigurationError('x'),
  ]) {
    expect(Object.keys(error)).toEqual(['severity', 'code', 'recoverable', 'context']);
  }
});

test('wrong options fall back to defaults', () => {
  expect(new ServiceError('x', { httpStatus: 99, serviceName: 3 as never }).code).toBe(
    'SERVICE_ERROR',
  );
  expect(new ServiceError('x', { httpStatus: 500.5 }).code).toBe('SERVICE_ERROR');
  expect(new ValidationError('x', { issues: 'none' as never }).issues).toEqual([]);
  expect(
    new ValidationError('x', { issues: [null, {}, { message: 'm' }] as never }).issues,
  ).toEqual([{ path: '', message: 'm' }]);
  expect(
    new RetryableError('x', {
      maxRetries: -1,
      backoffMs: Number.NaN,
      backoffFactor: 0,
      maxBackoffMs: Infinity,
    }),
  ).toMatchObject({
    maxRetries: 3,
    backoffMs: 1000,
    backoffFactor: 2,
    maxBackoffMs: 60_000,
  });
  for (const Kind of [
    ConfigurationError,
    MemoryError,
    ModelError,
    ServiceError,
    ValidationError,
    TimeoutError,
    RetryableError,
  ]) {
    expect(new Kind('x', null as never).message).toBe('x');
  }
});

test('a kind that never (or always) is recoverable cannot be told otherwise', () => {
  expect(new ConfigurationError('x', { recoverable: true } as never).recoverable).toBe(false);
  expect(new TimeoutError('x', { recoverable: false } as never).recoverable).toBe(true);
});

test('nextBackoffMs doubles from one call to the next, up to the cap', () => {
  const error = new RetryableError('x');
  expect(Array.from({ length: 8 }, () => error.nextBackoffMs())).toEqual([
    1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000,
  ]);
  const flat = new RetryableError('x', { backoffMs: 0 });
  expect(Array.from({ length: 2000 }, () => flat.nextBackoffMs()).every((ms) => ms === 0)).toBe(
    true,
  );
  const low = new RetryableError('x', { backoffMs: 500, maxBackoffMs: 100, backoffFactor: 3 });
  expect([low.nextBackoffMs(), low.nextBackoffMs()]).toEqual([100, 100]);
});
