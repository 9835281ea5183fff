import { ModelError, ServiceError, TimeoutError } from '@kortana/errors';
import { describe, expect, test, vi } from 'vitest';
import { readAll } from '../../test/read-all.ts';
import { scriptedModel, type Step } from '../../test/scripted-model.ts';
import { ChatEngine } from '../chat-engine.ts';

const once = { retry: { maxAttempts: 1 } };

async function fail(engine: ChatEngine, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await engine.getResponse(`question ${i}`).catch(() => {});
}

describe('the breaker of a model', () => {
  test('opens after 5 failures: the sixth request is refused at once, with the time of the next try', async () => {
    const model = scriptedModel(new ServiceError('down', { httpStatus: 503 }));
    const engine = new ChatEngine({ model, ...once });
    await fail(engine, 4);
    expect(engine.llmCircuitBreaker.state).toBe('closed');
    expect(engine.llmCircuitBreaker.failureCount).toBe(4);
    await fail(engine, 1);
    expect(engine.llmCircuitBreaker.state).toBe('open');
    await expect(engine.getResponse('sixth')).rejects.toMatchObject({
      code: 'CIRCUIT_OPEN',
      recoverable: true,
    });
    expect(engine.llmCircuitBreaker.retryAfterMs).toBeGreaterThan(59_000);
    expect(model.asked).toHaveLength(5);
  });

  test('ends the retrying when it opens in the middle of it', async () => {
    const model = scriptedModel(new ServiceError('down', { httpStatus: 503 }));
    const engine = new ChatEngine({ model, retry: { initialDelayMs: 0 } });
    await fail(engine, 2);
    expect(model.asked).toHaveLength(5);
  });

  test('is not waited for once it is open: the next model is asked without a pause', async () => {
    vi.useFakeTimers();
    const model = [
      scriptedModel(new ServiceError('down', { httpStatus: 503 })),
      scriptedModel('here', { id: 'b' }),
    ];
    const engine = new ChatEngine({ model, circuitBreaker: { failureThreshold: 1 } });
    const { content, metadata } = await engine.getResponse('hi');
    expect(content).toBe('here');
    expect(metadata.attempts.map(({ outcome }) => outcome)).toEqual(['error', 'refused', 'ok']);
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  test('lets one probe through after 60 s, and closes after two good ones', async () => {
    let now = 0;
    const model = scriptedModel([
      ...Array.from({ length: 5 }, () => new Error('boom')),
      'well again',
    ]);
    const engine = new ChatEngine({ model, ...once, clock: { now: () => now } });
    await fail(engine, 5);
    now = 59_999;
    await expect(engine.getResponse('early')).rejects.toMatchObject({ code: 'CIRCUIT_OPEN' });
    now = 60_000;
    expect((await engine.getResponse('one')).content).toBe('well again');
    expect((await engine.getResponse('two')).content).toBe('well again');
    expect(engine.llmCircuitBreaker.state).toBe('closed');
  });

  test('waits for the end of a stream with its verdict', async () => {
    const model = scriptedModel({ says: ['it begins ', 'well'], then: 'cut' });
    const engine = new ChatEngine({ model, ...once, maxCalls: 1 });
    for (let i = 0; i < 5; i++) await readAll(engine.streamResponse(`question ${i}`));
    expect(engine.llmCircuitBreaker.state).toBe('open');
  });

  const blameless: [string, Step][] = [
    ['400', new ServiceError('bad', { httpStatus: 400 })],
    ['401', new ServiceError('who', { httpStatus: 401 })],
    ['403', new ServiceError('no', { httpStatus: 403 })],
    ['404', new ServiceError('where', { httpStatus: 404 })],
    ['422', new ServiceError('what', { httpStatus: 422 })],
    ['a content filter', new ModelError('no', { code: 'CONTENT_POLICY', recoverable: false })],
    ['a long context', new ModelError('long', { code: 'CONTEXT_LENGTH', recoverable: false })],
    ['a first 429', new ServiceError('wait', { httpStatus: 429 })],
  ];
  test.for(blameless)('is not opened by %s', async ([, step]) => {
    const engine = new ChatEngine({ model: scriptedModel(step), ...once });
    await fail(engine, 10);
    expect(engine.llmCircuitBreaker.failureCount).toBe(0);
  });

  const blamed: [string, Step][] = [
    ['408', new ServiceError('slow', { httpStatus: 408 })],
    ['500', new ServiceError('down', { httpStatus: 500 })],
    ['501', new ServiceError('down', { httpStatus: 501 })],
    ['a lost connection', Object.assign(new Error('reset'), { code: 'ECONNRESET' })],
    ['silence', new TimeoutError('silent')],
    ['an unknown error', new Error('boom')],
  ];
  test.for(blamed)('counts %s', async ([, step]) => {
    const engine = new ChatEngine({ model: scriptedModel(step), ...once });
    await fail(engine, 3);
    expect(engine.llmCircuitBreaker.failureCount).toBe(3);
  });

  test('counts a 429 that comes again after the pause it asked for', async () => {
    const model = scriptedModel(new ServiceError('wait', { httpStatus: 429 }));
    const engine = new ChatEngine({ model, retry: { initialDelayMs: 0 } });
    await fail(engine, 1);
    expect(engine.llmCircuitBreaker.failureCount).toBe(2);
  });

  const often = { interval: 1 };
  const reasons = [
    undefined,
    'enough',
    new Error('enough'),
    new DOMException('late', 'TimeoutError'),
  ];
  test.for(reasons)('is not told of the caller who went away: %s', async (reason) => {
    const model = scriptedModel({ then: 'hang' });
    const engine = new ChatEngine({ model, ...once });
    for (let i = 0; i < 6; i++) {
      const controller = new AbortController();
      const reply = engine.getResponse('hi', { signal: controller.signal });
      await vi.waitUntil(() => model.running === 1, often);
      controller.abort(reason);
      await reply.catch(() => {});
      await vi.waitUntil(() => model.running === 0, often);
    }
    expect(model.asked).toHaveLength(6);
    expect(engine.llmCircuitBreaker.failureCount).toBe(0);
  });

  test('listens to the user who says himself what counts', async () => {
    const model = scriptedModel(new ServiceError('who', { httpStatus: 401 }));
    const expectedException = (): boolean => true;
    const engine = new ChatEngine({ model, ...once, circuitBreaker: { expectedException } });
    await fail(engine, 3);
    expect(engine.llmCircuitBreaker.failureCount).toBe(3);
  });

  test('is one for each model name that is asked for', async () => {
    const model = scriptedModel((request) =>
      request.model === 'bad' ? new Error('boom') : 'fine',
    );
    const engine = new ChatEngine({ model, ...once });
    for (let i = 0; i < 6; i++) await engine.getResponse(`q${i}`, { model: 'bad' }).catch(() => {});
    await expect(engine.getResponse('q', { model: 'bad' })).rejects.toMatchObject({
      code: 'CIRCUIT_OPEN',
    });
    expect((await engine.getResponse('q')).content).toBe('fine');
  });
});
