import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { KortanaError, maskSecrets, ServiceError, ValidationError } from './index.ts';

test('tells all that an error says, and nothing else', () => {
  expect(new KortanaError('boom').toJSON()).toStrictEqual({
    name: 'KortanaError',
    code: 'KORTANA_ERROR',
    message: 'boom',
    severity: 'medium',
    recoverable: false,
    context: {},
  });
});

test('tells of causes, whoever made them', () => {
  const network = Object.assign(new Error('reset', { cause: 'unplugged' }), {
    code: 'ECONNRESET',
    request: { prompt: 'private' },
  });
  const error = new ServiceError('no answer', {
    httpStatus: 503,
    retryAfterMs: 20,
    context: { attempt: 2 },
    cause: new KortanaError('between', { cause: network }),
  });
  expect(error.toJSON()).toStrictEqual({
    name: 'ServiceError',
    code: 'SERVICE_ERROR_503',
    message: 'no answer',
    severity: 'high',
    recoverable: true,
    retryAfterMs: 20,
    context: { attempt: 2 },
    cause: {
      name: 'KortanaError',
      code: 'KORTANA_ERROR',
      message: 'between',
      severity: 'medium',
      recoverable: false,
      context: {},
      cause: { name: 'Error', code: 'ECONNRESET', message: 'reset', cause: 'unplugged' },
    },
  });
  expect(JSON.parse(JSON.stringify({ error }))).toStrictEqual({ error: error.toJSON() });
});

test('tells of the issues of a ValidationError and the children of an AggregateError', () => {
  const issues = [{ path: 'a', message: 'a must be there' }];
  const cause = new AggregateError(
    [new Error('one'), 'two', new ValidationError('three', { issues })],
    'all',
  );
  expect(new KortanaError('boom', { cause }).toJSON().cause).toMatchObject({
    name: 'AggregateError',
    message: 'all',
    errors: [{ name: 'Error', message: 'one' }, 'two', { name: 'ValidationError', issues }],
  });
});

test('masks secrets in messages, contexts and causes', () => {
  const key = 'sk-abcdef1234567890';
  const error = new KortanaError(`bad key ${key}`, {
    context: {
      apiKey: key,
      headers: { Authorization: `Bearer ${key}`, 'Set-Cookie': ['sid=hunter2'], accept: '*/*' },
      url: new URL('https://ada:hunter2@example.com/?api_key=hunter2&q=1'),
      nested: [{ Password: 'hunter2' }, new Map([['clientSecret', 'hunter2']])],
      note: `the key was ${key}`,
      usage: { tokens: 12, inputTokens: 7 },
      hasPassword: true,
    },
    cause: new Error(`401 for https://example.com?token=hunter2`, {
      cause: { refresh_token: 'hunter2' },
    }),
  });
  const text = JSON.stringify(error);
  expect(text).not.toContain('abcdef');
  expect(text).not.toContain('hunter2');
  expect(error.toJSON().context).toMatchObject({
    headers: { accept: '*/*' },
    usage: { tokens: 12, inputTokens: 7 },
    note: 'the key was [masked]',
    hasPassword: true,
  });
});

test('masks headers, however their names and values are listed', () => {
  const rawHeaders = ['X-Api-Key', 'hunter2', 'accept', 'a', 'Authorization', 'hunter2'];
  const entries = [
    ['x-api-key', 'hunter2'],
    ['accept', 'a'],
  ];
  const named = [
    { name: 'Cookie', value: 'hunter2' },
    { key: 'x-api-key', value: 'hunter2' },
    { name: 'accept', value: 'a' },
  ];
  const missing = ['password', 'email'];
  expect(maskSecrets({ rawHeaders, headers: entries, named, missing })).toEqual({
    rawHeaders: ['X-Api-Key', '[masked]', 'accept', 'a', 'Authorization', '[masked]'],
    headers: [
      ['x-api-key', '[masked]'],
      ['accept', 'a'],
    ],
    named: [
      { name: 'Cookie', value: '[masked]' },
      { key: 'x-api-key', value: '[masked]' },
      { name: 'accept', value: 'a' },
    ],
    missing,
  });
});

test('tells of errors of another realm as of ours', () => {
  const cause: unknown = runInNewContext(
    'new TypeError("sk-abcdef1234567890", { cause: new Error("deeper") })',
  );
  expect(new KortanaError('x', { cause }).toJSON().cause).toEqual({
    name: 'TypeError',
    message: '[masked]',
    cause: { name: 'Error', message: 'deeper' },
  });
});

test('names what JSON can’t hold', () => {
  const context = {
    big: 12n,
    nan: Number.NaN,
    fn: () => 1,
    symbol: Symbol('s'),
    date: new Date(0),
    noDate: new Date(Number.NaN),
    bytes: new Uint8Array(3),
    set: new Set([1]),
    map: new Map<unknown, number>([
      [{}, 1],
      ['a', 2],
    ]),
    headers: new Headers({ Authorization: 'x', Accept: 'y' }),
    regex: /a/g,
    missing: undefined,
    nothing: null,
    toJSON: () => ({ other: 1 }),
  };
  expect(new KortanaError('x', { context }).toJSON().context).toStrictEqual({
    big: '12',
    nan: 'NaN',
    fn: '[function]',
    symbol: '[symbol]',
    date: '1970-01-01T00:00:00.000Z',
    noDate: 'Invalid Date',
    bytes: '[3 bytes]',
    set: [1],
    map: { '[object Object]': 1, a: 2 },
    headers: { accept: 'y', authorization: '[masked]' },
    regex: '/a/g',
    nothing: null,
    toJSON: '[function]',
  });
});

test('ends at cycles, also of causes', () => {
  const context: Record<string, unknown> = { list: [] };
  context['self'] = context;
  (context['list'] as unknown[]).push(context);
  const error = new KortanaError('x', { context: { context } });
  error.cause = error;
  expect(error.toJSON()).toMatchObject({
    cause: '[cycle]',
    context: { context: { self: '[cycle]', list: ['[cycle]'] } },
  });
});

test('what comes twice, but not within itself, is told twice', () => {
  const shared = { a: 1 };
  expect(maskSecrets([shared, shared])).toEqual([shared, shared]);
});

test('getters that throw, proxies that refuse and keys that lie do no harm', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const context = {
    get broken(): string {
      throw new Error('getter');
    },
    proxy,
    lies: JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2}') as unknown,
  };
  const error = new KortanaError('x', { context: { context } });
  const json = error.toJSON().context['context'] as Record<string, unknown>;
  expect(json['broken']).toBe('[unreadable]');
  expect(json['proxy']).toBe('[unreadable]');
  expect(Object.keys(json['lies'] as object)).toEqual(['__proto__', 'constructor']);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('is bounded in depth, breadth, number and length', () => {
  let deep: unknown = 'bottom';
  for (let level = 0; level < 10_000; level++) deep = { deep };
  let cause: unknown;
  for (let level = 0; level < 10_000; level++) cause = new Error(`level ${level}`, { cause });
  const wide = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, index) => [`k${index}`, index]),
  );
  const bushy = (level: number): unknown =>
    level === 0 ? 1 : Array.from({ length: 50 }, () => shrubs[level - 1]);
  const shrubs: unknown[] = [];
  for (let level = 0; level < 6; level++) shrubs.push(bushy(level));
  const error = new KortanaError('m'.repeat(1_000_000), {
    context: {
      deep,
      wide,
      bushy: shrubs.at(-1),
      long: 'l'.repeat(1_000_000),
      list: Array.from({ length: 10_000 }),
    },
    cause,
  });
  const text = JSON.stringify(error);
  expect(text.length).toBeLessThan(100_000);
  expect(text).toContain('[deeper]');
  expect(text).toContain('[more]');
  expect(error.toJSON().message).toBe(`${'m'.repeat(4096)}… (1000000 characters)`);
});

test('a secret across the cut of a long text is masked', () => {
  for (let before = 4080; before < 4100; before++) {
    const text = `${' '.repeat(before)}sk-abcdefghijklmnopqrstuvwxyz1234567890 ${'x'.repeat(5000)}`;
    expect(maskSecrets(text)).not.toContain('sk-');
  }
});

test('never throws, and is plain JSON, whatever the context and the cause', () => {
  const anything = fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
  });
  fc.assert(
    fc.property(anything, anything, fc.string(), (cause, value, message) => {
      const json = new KortanaError(message, { cause, context: { value } }).toJSON();
      expect(JSON.parse(JSON.stringify(json))).toEqual(json);
    }),
  );
});
