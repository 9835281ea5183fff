import { ServiceError } from '@kortana/errors';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { failureOf } from '../test/read-all.ts';
import { scriptedModel } from '../test/scripted-model.ts';
import { ChatEngine } from './chat-engine.ts';
import type { ChatEngineOptions } from './chat-engine-options.ts';
import { modelFromEnvironment } from './models/model-from-environment.ts';
import { personas } from './persona/personas.ts';
import { tool } from './tools/tool.ts';

afterEach(() => vi.unstubAllEnvs());

const model = scriptedModel('hello');
const echo = tool({ name: 'echo', description: '', parameters: z.string(), run: (text) => text });
const wrong: [string, unknown, ErrorConstructor][] = [
  ['options', null, TypeError],
  ['model', { model: 'gpt-4o' }, TypeError],
  ['model', { model: [] }, RangeError],
  ['model', { model: {} }, TypeError],
  ['memory', { memory: {} }, TypeError],
  ['cache', { cache: true }, TypeError],
  ['maxSize', { cache: { maxSize: 0 } }, RangeError],
  ['ttlMs', { cache: { ttlMs: 0 } }, RangeError],
  ['staleIfErrorMs', { cache: { staleIfErrorMs: -1 } }, RangeError],
  ['failureThreshold', { circuitBreaker: { failureThreshold: 0 } }, RangeError],
  ['maxAttempts', { retry: { maxAttempts: 0 } }, RangeError],
  ['maxRetryAfterMs', { retry: { maxRetryAfterMs: NaN } }, RangeError],
  ['totalMs', { timeouts: { totalMs: 0 } }, RangeError],
  ['attemptMs', { timeouts: { attemptMs: '1' } }, TypeError],
  ['firstTokenMs', { model: { model, timeouts: { firstTokenMs: -1 } } }, RangeError],
  ['maxConcurrent', { maxConcurrent: 0 }, RangeError],
  ['maxQueue', { maxQueue: 1.5 }, RangeError],
  ['maxCalls', { maxCalls: 0 }, RangeError],
  ['hedgeAfterMs', { hedgeAfterMs: -1 }, RangeError],
  ['maxToolRounds', { maxToolRounds: 0 }, RangeError],
  ['clock', { clock: {} }, TypeError],
  ['random', { random: 1 }, TypeError],
  ['model.id', { model: { ...model, id: undefined } }, TypeError],
  ['model.scope', { model: { ...model, scope: 7 } }, TypeError],
  ['timeouts', { model: { model, timeouts: 5 } }, TypeError],
  ['prefill', { model: { model, prefill: 'yes' } }, TypeError],
  ['prefill.extra', { model: { model, prefill: {} } }, TypeError],
  ['price', { model: { model, price: 5 } }, TypeError],
  ['price.output', { model: { model, price: { input: 1, output: -1 } } }, RangeError],
  ['prices', { prices: 5 }, TypeError],
  ['prices.prices', { prices: {} }, TypeError],
  ['logger', { logger: {} }, TypeError],
  ['tools', { tools: {} }, TypeError],
  ['tools', { tools: [{}] }, TypeError],
  ['tools', { tools: [echo, echo] }, RangeError],
  ['persona', { persona: 5 }, TypeError],
  ['persona', { persona: '' }, RangeError],
  ['persona', { persona: 'presense' }, RangeError],
  ['persona.system', { persona: { name: 'x' } }, TypeError],
  ['persona.temperature', { persona: { ...personas.fire, temperature: 3 } }, RangeError],
];

test.for(wrong)('a wrong `%s` (%o) is a %o where it was made', ([name, options, kind]) => {
  const make = (): ChatEngine =>
    new ChatEngine(
      options === null ? (options as never) : { model, ...(options as ChatEngineOptions) },
    );
  expect(make).toThrow(kind);
  expect(make).toThrow(`\`${name}\``);
});

test('an explicit undefined means the default, and nothing is written to what was given', async () => {
  const options = Object.freeze({
    model: Object.freeze({ model, prefill: undefined, timeouts: undefined, price: undefined }),
    memory: undefined,
    cache: Object.freeze({ maxSize: undefined, ttlMs: undefined, store: undefined }),
    circuitBreaker: Object.freeze({ failureThreshold: undefined }),
    retry: Object.freeze({ maxAttempts: undefined, retryOn: undefined, budget: undefined }),
    timeouts: Object.freeze({ totalMs: undefined, idleMs: undefined }),
    maxConcurrent: undefined,
    clock: undefined,
  });
  const engine = new ChatEngine(options);
  expect(
    (await engine.getResponse('hi', { sessionId: undefined, signal: undefined })).content,
  ).toBe('hello');
});

test('an explicit undefined in a part means what the engine was given', async () => {
  let now = 0;
  const rolled = vi.fn(() => 0);
  const failing = scriptedModel(new ServiceError('down', { httpStatus: 503 }));
  const engine = new ChatEngine({
    model: failing,
    clock: { now: () => now },
    random: rolled,
    circuitBreaker: { clock: undefined, failureThreshold: 3 },
    retry: { clock: undefined, random: undefined, retryOn: undefined },
  });
  await failureOf(engine.getResponse('hi'));
  expect(rolled).toHaveBeenCalledTimes(2);
  expect(engine.llmCircuitBreaker.state).toBe('open');
  now = 60_000;
  expect(engine.llmCircuitBreaker.state).toBe('half_open');
});

describe('a message', () => {
  test.for([[''], ['  \n'], ['\u0000\u202e'], [undefined], [42], [{}]])(
    '%j is refused',
    async ([message]) => {
      const before = model.asked.length;
      const failure = await failureOf(new ChatEngine({ model }).getResponse(message as string));
      expect(failure).toMatchObject({ code: 'VALIDATION_MESSAGE', field: 'message' });
      expect(model.asked).toHaveLength(before);
    },
  );

  test('of the greatest length is taken, a longer one is refused and not cut', async () => {
    const engine = new ChatEngine({ model, maxMessageLength: 10 });
    await engine.getResponse('x'.repeat(10));
    expect(model.asked.at(-1)?.messages[0]?.content).toBe('x'.repeat(10));
    expect(await failureOf(engine.getResponse('x'.repeat(11)))).toMatchObject({
      code: 'VALIDATION_MESSAGE',
    });
  });

  test('loses what nobody can see', async () => {
    await new ChatEngine({ model }).getResponse(' hi\u0000 \u202ethere\uFEFF ');
    expect(model.asked.at(-1)?.messages[0]?.content).toBe('hi there');
  });
});

test.for<[string, object | null, ErrorConstructor]>([
  ['signal', { signal: {} }, TypeError],
  ['cache', { cache: 'never' }, RangeError],
  ['temperature', { temperature: 3 }, RangeError],
  ['maxTokens', { maxTokens: 0 }, RangeError],
  ['sessionId', { sessionId: 7 }, TypeError],
  ['sessionId', { sessionId: '' }, RangeError],
  ['userId', { userId: '' }, RangeError],
  ['options', null, TypeError],
])('a wrong `%s` in a request rejects', async ([name, options, kind]) => {
  const engine = new ChatEngine({ model });
  const request = { messages: [{ role: 'user' as const, content: 'hi' }] };
  const failures = [await failureOf(engine.getResponse('hi', options as object))];
  // The rest is said by the request itself.
  if (['options', 'signal', 'cache', 'userId'].includes(name)) {
    failures.push(await failureOf(engine.complete(request, options as object)));
  }
  for (const failure of failures) {
    expect(failure).toBeInstanceOf(kind);
    expect(String(failure)).toContain(`\`${name}\``);
  }
});

test.for([[undefined], [{}], [{ messages: [] }], [{ messages: 'hi' }]])(
  'a request without messages rejects: %j',
  async ([request]) => {
    const failure = await failureOf(new ChatEngine({ model }).complete(request as never));
    expect(failure).toMatchObject({ code: 'VALIDATION_MESSAGES' });
  },
);

describe('the model of the environment is', () => {
  test.for<[Record<string, string>, string, string]>([
    [{}, 'offline', 'kortana-offline'],
    [{ OPENAI_API_KEY: '' }, 'offline', 'kortana-offline'],
    [{ OPENAI_API_KEY: ' \n', OPENAI_BASE_URL: ' ' }, 'offline', 'kortana-offline'],
    [{ OPENAI_API_KEY: 'sk-x' }, 'openai', 'gpt-4o'],
    [{ OPENAI_API_KEY: 'sk-x', KORTANA_MODEL: 'gpt-5' }, 'openai', 'gpt-5'],
    [{ OPENAI_BASE_URL: 'http://localhost:11434/v1', KORTANA_MODEL: 'llama' }, 'openai', 'llama'],
    [{ KORTANA_MODEL: 'llama' }, 'offline', 'kortana-offline'],
  ])('with %o: %s', ([environment, provider, id]) => {
    expect(modelFromEnvironment(environment)).toMatchObject({ provider, id });
  });

  test('what an engine without a model asks', async () => {
    for (const name of ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'KORTANA_MODEL']) vi.stubEnv(name, '');
    const { content, metadata } = await new ChatEngine().getResponse('What is 2+2?');
    expect(content).toContain('4');
    expect(metadata.provider).toBe('offline');
  });
});
