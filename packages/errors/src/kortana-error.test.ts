import { expect, test } from 'vitest';
import { KortanaError } from './kortana-error.ts';

test('is neither severe nor worth a retry unless told', () => {
  const error = new KortanaError('boom');
  expect(error).toMatchObject({
    name: 'KortanaError',
    code: 'KORTANA_ERROR',
    severity: 'medium',
    recoverable: false,
    context: {},
  });
  expect(Object.keys(error)).toEqual(['severity', 'code', 'recoverable', 'context']);
  expect('cause' in error).toBe(false);
});

test('takes what it is told', () => {
  const cause = new Error('below');
  const told = {
    severity: 'critical',
    code: 'DISK_FULL',
    recoverable: true,
    retryAfterMs: 0,
    context: { disk: 'sda' },
    cause,
  } as const;
  const error = new KortanaError('boom', told);
  expect(error).toMatchObject({ ...told, message: 'boom' });
  expect(error.cause).toBe(cause);
});

test('keeps a frozen copy of the context', () => {
  const context: Record<string, unknown> = { a: 1 };
  const error = new KortanaError('boom', { context });
  context['a'] = 2;
  expect(error.context).toEqual({ a: 1 });
  expect(Object.isFrozen(error.context)).toBe(true);
  expect(Object.isFrozen(context)).toBe(false);
});

test('says its code and message', () => {
  expect(String(new KortanaError('boom', { code: 'X' }))).toBe('[X] boom');
});

test('has the name of its class in the stack, that of a user too', () => {
  class DiskError extends KortanaError {}
  expect(new KortanaError('boom').stack).toMatch(/^KortanaError: boom\n/);
  const error = new DiskError('boom');
  expect(error.name).toBe('DiskError');
  expect(error.stack).toMatch(/^DiskError: boom\n/);
  expect(new KortanaError('boom').name).toBe('KortanaError');
});

const hostile = {
  get code(): string {
    throw new Error('getter');
  },
  get context(): Record<string, unknown> {
    return {
      fine: 1,
      get broken(): string {
        throw new Error('getter');
      },
    };
  },
};

test.for([
  null,
  0,
  'text',
  hostile,
  { context: null },
  { context: 7 },
  {
    severity: 'fatal',
    code: 1,
    recoverable: 'yes',
    retryAfterMs: Number.NaN,
    context: 'text',
    cause: undefined,
  },
])('falls back to a default where an option is wrong: %#', (options) => {
  const error = new KortanaError('boom', options as never);
  expect(error).toMatchObject({ code: 'KORTANA_ERROR', severity: 'medium', recoverable: false });
  expect(error).not.toHaveProperty('retryAfterMs');
  expect('cause' in error).toBe(false);
});

test('keeps what can be read of a context', () => {
  expect(new KortanaError('boom', hostile).context).toEqual({ fine: 1, broken: undefined });
});

test.for([
  [undefined, ''],
  [null, 'null'],
  [404, '404'],
  [Symbol('s'), 'Symbol(s)'],
  [Object.create(null), ''],
])('is made of a message of any kind: %#', ([message, text]) => {
  expect(new KortanaError(message as string).message).toBe(text);
});

test('is made of options that no longer answer at all', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  expect(new KortanaError('boom', proxy).code).toBe('KORTANA_ERROR');
  expect(new KortanaError('boom', { context: proxy }).context).toEqual({});
});
