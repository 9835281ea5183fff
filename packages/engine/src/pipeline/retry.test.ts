import { ConfigurationError, ModelError, ServiceError, TimeoutError } from '@kortana/errors';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { failureOf } from '../../test/read-all.ts';
import { scriptedModel } from '../../test/scripted-model.ts';
import { ChatEngine } from '../chat-engine.ts';

const down = (httpStatus: number, retryAfterMs?: number) =>
  new ServiceError(`status ${httpStatus}`, { httpStatus, retryAfterMs });

describe('what may pass', () => {
  test.for([408, 429, 500, 502, 503, 504])('%d is asked again', async (status) => {
    const model = scriptedModel([down(status), down(status), 'here']);
    const engine = new ChatEngine({ model, retry: { initialDelayMs: 0 } });
    const { content, metadata } = await engine.getResponse('hi');
    expect(content).toBe('here');
    expect(metadata.attempts.map(({ outcome }) => outcome)).toEqual(['error', 'error', 'ok']);
    expect(engine.metrics.getCounters()['retries']).toBe(2);
  });

  test('is asked at most 3 times', async () => {
    const error = down(503);
    const model = scriptedModel(error);
    const engine = new ChatEngine({ model, retry: { initialDelayMs: 0 } });
    await expect(engine.getResponse('hi')).rejects.toBe(error);
    expect(model.asked).toHaveLength(3);
  });
});

test('what the far side says may be asked again is asked again, and counts against nobody', async () => {
  const error = new ServiceError('later', { httpStatus: 409, recoverable: true });
  const model = scriptedModel([error, 'here']);
  const engine = new ChatEngine({ model, retry: { initialDelayMs: 0 } });
  const { metadata } = await engine.getResponse('hi');
  expect(metadata.attempts.map(({ outcome }) => outcome)).toEqual(['error', 'ok']);
  expect(engine.llmCircuitBreaker.failureCount).toBe(0);
});

describe("what won't pass", () => {
  const lasting: [string, Error][] = [
    ['400', down(400)],
    ['401', down(401)],
    ['403', down(403)],
    ['404', down(404)],
    ['422', down(422)],
    ['a content policy', new ModelError('no', { code: 'CONTENT_POLICY', recoverable: false })],
    [
      'a context that is too long',
      new ModelError('long', { code: 'CONTEXT_LENGTH', recoverable: false }),
    ],
    ['a missing key', new ConfigurationError('key')],
    ['a used up quota', new ServiceError('quota', { httpStatus: 429, recoverable: false })],
    ['silence', new TimeoutError('silent')],
  ];
  test.for(lasting)('%s is not asked again', async ([, error]) => {
    const model = scriptedModel(error);
    const engine = new ChatEngine({ model, retry: { initialDelayMs: 0 } });
    await expect(engine.getResponse('hi')).rejects.toBe(error);
    expect(model.asked).toHaveLength(1);
  });
});

describe('the pause', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const jumps = (model: ReturnType<typeof scriptedModel>, random = () => 1) =>
    new ChatEngine({ model, random });

  test('is 1 s, then 2 s', async () => {
    const model = scriptedModel([down(503), down(503), 'here']);
    const reply = jumps(model).getResponse('hi');
    await vi.advanceTimersByTimeAsync(999);
    expect(model.asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(model.asked).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1999);
    expect(model.asked).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect((await reply).content).toBe('here');
  });

  test('is never shorter than Retry-After says, whatever the dice', async () => {
    const model = scriptedModel([down(429, 10_000), 'here']);
    const reply = jumps(model, () => 0).getResponse('hi');
    await vi.advanceTimersByTimeAsync(9999);
    expect(model.asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect((await reply).content).toBe('here');
  });

  test('is not made for a Retry-After over 10 s: the error carries it', async () => {
    const model = scriptedModel([down(429, 10_001), 'here']);
    await expect(jumps(model).getResponse('hi')).rejects.toMatchObject({ retryAfterMs: 10_001 });
    expect(model.asked).toHaveLength(1);
  });

  test('is not made for a Retry-After over 10 s: the next model is asked', async () => {
    const model = [scriptedModel(down(429, 60_000)), scriptedModel('here', { id: 'b' })];
    const { content, metadata } = await new ChatEngine({ model }).getResponse('hi');
    expect({ content, source: metadata.source }).toEqual({ content: 'here', source: 'fallback' });
  });

  test('is ended by an abort, at once and with its reason', async () => {
    const model = scriptedModel(down(503));
    const controller = new AbortController();
    const failure = failureOf(jumps(model).getResponse('hi', { signal: controller.signal }));
    await vi.advanceTimersByTimeAsync(500);
    controller.abort('enough');
    expect(await failure).toBe('enough');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(model.asked).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('an outage multiplies the calls by at most 1.2 once the first seconds are over', async () => {
  let now = 0;
  const model = scriptedModel(down(503));
  const engine = new ChatEngine({
    model,
    clock: { now: () => now },
    retry: { initialDelayMs: 0 },
    cache: false,
    circuitBreaker: { failureThreshold: 1_000_000 },
  });
  const ask = async (): Promise<void> => void (await engine.getResponse('hi').catch(() => {}));
  for (let i = 0; i < 500; i++, now += 20) await ask();
  const before = model.asked.length;
  for (let i = 0; i < 1000; i++, now += 20) await ask();
  expect(model.asked.length - before).toBeLessThanOrEqual(1200);
  expect(model.asked.length - before).toBeGreaterThan(1100);
});

test('all calls of a request together are bounded, and no model goes unasked for it', async () => {
  const models = ['a', 'b', 'c', 'd'].map((id) => scriptedModel(down(503), { id }));
  const engine = new ChatEngine({ model: models, retry: { initialDelayMs: 0 }, maxCalls: 6 });
  await expect(engine.getResponse('hi')).rejects.toMatchObject({ httpStatus: 503 });
  expect(models.map(({ asked }) => asked.length)).toEqual([3, 1, 1, 1]);
});

describe("the user's own rules", () => {
  test('say after which errors to ask again', async () => {
    const model = scriptedModel([new Error('boom'), 'here']);
    const retry = {
      initialDelayMs: 0,
      retryOn: (error: unknown) => String(error).includes('boom'),
    };
    expect((await new ChatEngine({ model, retry }).getResponse('hi')).content).toBe('here');
  });

  test('bound the time after the first attempt', async () => {
    let now = 0;
    const model = scriptedModel(() => {
      now += 600;
      return down(503);
    });
    const retry = { initialDelayMs: 0, maxElapsedMs: 1000 };
    const engine = new ChatEngine({ model, retry, clock: { now: () => now } });
    await failureOf(engine.getResponse('hi'));
    expect(model.asked).toHaveLength(2);
  });

  test('are told of each pause, and may throw', async () => {
    const pauses: unknown[] = [];
    const onRetry = (event: unknown): void => {
      pauses.push(event);
      throw new Error('a hook of the user');
    };
    const error = down(503);
    const model = scriptedModel([error, 'here']);
    const engine = new ChatEngine({ model, retry: { initialDelayMs: 0, onRetry } });
    expect((await engine.getResponse('hi')).content).toBe('here');
    expect(pauses).toEqual([{ error, attempt: 1, delayMs: 0 }]);
  });
});
