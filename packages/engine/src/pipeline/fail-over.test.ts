import { RetryBudget } from '@kortana/async';
import { ConfigurationError, ModelError, ServiceError, TimeoutError } from '@kortana/errors';
import { describe, expect, test } from 'vitest';
import { scriptedModel } from '../../test/scripted-model.ts';
import { ChatEngine } from '../chat-engine.ts';

const once = { retry: { maxAttempts: 1 } };
const status = (httpStatus: number) => new ServiceError(`${httpStatus}`, { httpStatus });

describe('another model is asked', () => {
  test.for<[string, Error]>([
    ['503', status(503)],
    ['429', status(429)],
    ['silence', new TimeoutError('silent')],
    [
      'a context that is too long for this one',
      new ModelError('long', { code: 'CONTEXT_LENGTH', recoverable: false }),
    ],
    ['an error nobody knows', new Error('boom')],
  ])('after %s', async ([, error]) => {
    const first = scriptedModel(error, { id: 'a', scope: 'same' });
    const second = scriptedModel('here', { id: 'b', scope: 'same' });
    const engine = new ChatEngine({ model: [first, second], ...once });
    const { content, metadata } = await engine.getResponse('hi');
    expect(content).toBe('here');
    expect(metadata).toMatchObject({ source: 'fallback', model: 'b', usage: { totalTokens: 5 } });
    expect(metadata.degraded).toMatchObject([{ part: 'model.primary' }]);
    expect(metadata.attempts.map(({ model }) => model)).toEqual(['a', 'b']);
  });

  test.for<[string, Error]>([
    ['401', status(401)],
    ['403', status(403)],
    ['a missing key', new ConfigurationError('no key', { configKey: 'OPENAI_API_KEY' })],
  ])('after %s only with other credentials', async ([, error]) => {
    const first = scriptedModel(error, { id: 'a', scope: 'mine' });
    const same = scriptedModel('same', { id: 'b', scope: 'mine' });
    const other = scriptedModel('other', { id: 'c', scope: 'theirs' });
    await expect(new ChatEngine({ model: [first, same], ...once }).getResponse('hi')).rejects.toBe(
      error,
    );
    expect(same.asked).toHaveLength(0);
    const engine = new ChatEngine({ model: [first, same, other], ...once });
    expect((await engine.getResponse('hi')).content).toBe('other');
    expect(same.asked).toHaveLength(0);
  });
});

describe('no other model is asked', () => {
  test.for<[string, Error]>([
    ['400', status(400)],
    ['404', status(404)],
    ['422', status(422)],
    ['a content policy', new ModelError('no', { code: 'CONTENT_POLICY', recoverable: false })],
  ])('after %s', async ([, error]) => {
    const second = scriptedModel('here', { id: 'b' });
    const engine = new ChatEngine({ model: [scriptedModel(error, { id: 'a' }), second], ...once });
    await expect(engine.getResponse('hi')).rejects.toBe(error);
    expect(second.asked).toHaveLength(0);
  });
});

test('an open breaker means the next model, and costs no call', async () => {
  const first = scriptedModel(status(503), { id: 'a' });
  const second = scriptedModel('here', { id: 'b' });
  const engine = new ChatEngine({ model: [first, second], ...once });
  for (let i = 0; i < 8; i++) await engine.getResponse(`q${i}`);
  expect(first.asked).toHaveLength(5);
  const { metadata } = await engine.getResponse('last');
  expect(metadata.attempts).toMatchObject([
    { model: 'a', outcome: 'refused', code: 'CIRCUIT_OPEN' },
    { model: 'b', outcome: 'ok' },
  ]);
});

test('if none is left, the error says what is really wrong, and of open breakers the first to close', async () => {
  const error = status(503);
  const first = scriptedModel(error, { id: 'a' });
  const second = scriptedModel(new Error('boom'), { id: 'b' });
  const engine = new ChatEngine({ model: [first, second], ...once });
  engine.llmCircuitBreaker.open();
  await expect(engine.getResponse('q')).rejects.toThrow('boom');
  for (let i = 0; i < 5; i++) await engine.getResponse(`q${i}`).catch(() => {});
  await expect(engine.getResponse('q')).rejects.toMatchObject({
    code: 'CIRCUIT_OPEN',
    breakerName: 'a',
  });
});

test('of open breakers the first to close is told, also if its model is not asked first', async () => {
  let now = 0;
  const model = ['a', 'b'].map((id) => scriptedModel(status(503), { id }));
  const engine = new ChatEngine({
    model,
    ...once,
    clock: { now: () => now },
    circuitBreaker: { failureThreshold: 1 },
  });
  await engine.getResponse('q').catch(() => {});
  now = 10_000;
  engine.llmCircuitBreaker.open();
  await expect(engine.getResponse('q')).rejects.toMatchObject({
    breakerName: 'b',
    retryAfterMs: 50_000,
  });
});

test('an answer of a stand-in is kept for the stand-in, not for the first model', async () => {
  const first = scriptedModel([status(503), status(503), 'first'], { id: 'a' });
  const second = scriptedModel('second', { id: 'b' });
  const engine = new ChatEngine({ model: [first, second], ...once });
  expect((await engine.getResponse('hi')).content).toBe('second');
  const again = await engine.getResponse('hi');
  expect(again).toMatchObject({ content: 'second', metadata: { source: 'cache', model: 'b' } });
  expect(second.asked).toHaveLength(1);
  expect(await engine.getResponse('hi')).toMatchObject({
    content: 'first',
    metadata: { source: 'live' },
  });
});

test('what the offline model says in place of another is neither kept nor remembered', async () => {
  const first = scriptedModel([status(503), 'real'], { id: 'a' });
  const offline = scriptedModel('I am no language model', { id: 'o', provider: 'offline' });
  const engine = new ChatEngine({ model: [first, offline], ...once });
  expect((await engine.getResponse('hi', { sessionId: 's' })).metadata.source).toBe('fallback');
  expect((await engine.getResponse('hi', { sessionId: 's' })).content).toBe('real');
  expect(first.asked[1]?.messages).toEqual([{ role: 'user', content: 'hi' }]);
});

test('what the offline model says in place of another is not kept for the next outage either', async () => {
  const offline = scriptedModel('I am no language model', { id: 'o', provider: 'offline' });
  const engine = new ChatEngine({ model: [scriptedModel(status(503)), offline], ...once });
  for (let i = 0; i < 2; i++)
    expect((await engine.getResponse('hi')).metadata.source).toBe('fallback');
});

test('a request may name the model that is asked first', async () => {
  const model = [scriptedModel('from a', { id: 'a' }), scriptedModel('from b', { id: 'b' })];
  const engine = new ChatEngine({ model });
  const { content, metadata } = await engine.getResponse('hi', { model: 'b' });
  expect(content).toBe('from b');
  expect(metadata.source).toBe('live');
  expect((await engine.getResponse('hi')).content).toBe('from a');
});

test('the others stand in for a model that is asked by its name', async () => {
  const model = [scriptedModel('from a', { id: 'a' }), scriptedModel(status(503), { id: 'b' })];
  const { content, metadata } = await new ChatEngine({ model, ...once }).getResponse('hi', {
    model: 'b',
  });
  expect(content).toBe('from a');
  expect(metadata.source).toBe('fallback');
  expect(metadata.attempts.map((attempt) => attempt.model)).toEqual(['b', 'a']);
});

test('an unknown name goes to the first model only; a stand-in goes by its own', async () => {
  const first = scriptedModel(status(503), { id: 'a' });
  const second = scriptedModel('here', { id: 'b' });
  const engine = new ChatEngine({ model: [first, second], ...once });
  await engine.getResponse('hi', { model: 'a-large' });
  expect(first.asked[0]?.model).toBe('a-large');
  expect(second.asked[0]?.model).toBeUndefined();
});

test('an unknown name costs what the list says, not what the first model costs', async () => {
  const model = scriptedModel('here', { id: 'a', provider: 'p' });
  const list = { asOf: '2026-01-01', prices: { p: { a: { input: 1e6, output: 0 } } } };
  const engine = new ChatEngine({
    model: { model, price: { input: 0, output: 1e6 } },
    prices: list,
    cache: false,
  });
  expect((await engine.getResponse('hi')).metadata.costUsd).toBe(3);
  expect((await engine.getResponse('hi', { model: 'b' })).metadata.costUsd).toBe(2);
});

test('a stand-in is asked though the retry budget is spent: its call is no load on who is down', async () => {
  const first = scriptedModel(status(503), { id: 'a' });
  const second = scriptedModel('here', { id: 'b' });
  const budget = new RetryBudget({ ratio: 0, minPerSecond: 0 });
  const engine = new ChatEngine({ model: [first, second], retry: { budget, initialDelayMs: 0 } });
  expect((await engine.getResponse('hi')).content).toBe('here');
  expect([first, second].map(({ asked }) => asked.length)).toEqual([1, 1]);
});
