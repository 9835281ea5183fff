/** The examples of the old guide, in TypeScript. */
import { ChatEngine } from '@kortana/engine';
import { RetryableError, ServiceError } from '@kortana/errors';
import { openaiModel } from '@kortana/llm';
import { inMemoryStore, Memory } from '@kortana/memory';
import { faulty } from '@kortana/memory/testing';
import { startProvider } from '@kortana/provider';
import { expect, test } from 'vitest';

async function withProvider(
  run: (provider: Awaited<ReturnType<typeof startProvider>>, engine: ChatEngine) => Promise<void>,
) {
  await using provider = await startProvider();
  const model = openaiModel({ baseURL: provider.url });
  const engine = new ChatEngine({ model, retry: { initialDelayMs: 1 } });
  await run(provider, engine);
  await engine.shutdown();
}

test('a repeated query is answered from the cache, in under 5 ms', () =>
  withProvider(async (provider, engine) => {
    const result = await engine.getResponse('What is 2+2?'); // Hits API
    const result2 = await engine.getResponse('What is 2+2?'); // Cached!
    expect(result.content).toBe('4');
    expect(result2.content).toBe('4');
    expect(result2.metadata.source).toBe('cache');
    expect(provider.counts.calls).toBe(1);
  }));

test('performance metrics for each operation', () =>
  withProvider(async (_, engine) => {
    await engine.getResponse('Hello', { sessionId: 'me' });
    const summary = engine.metrics.getSummary();
    expect(summary['memory_load']).toMatchObject({
      avgTimeMs: expect.any(Number),
      minTimeMs: expect.any(Number),
      maxTimeMs: expect.any(Number),
      successRate: 100,
      totalRequests: 1,
    });
    engine.metrics.record('custom_operation', 12.5, true);
    expect(engine.metrics.getSummary()['custom_operation']?.totalRequests).toBe(1);
  }));

test('the circuit breaker shows its state and its failures', () =>
  withProvider(async (provider, engine) => {
    expect(engine.llmCircuitBreaker.state).toBe('closed');
    provider.fail('503');
    for (let i = 0; i < 2; i++) await engine.getResponse(`Hello ${i}`).catch(() => {});
    expect(engine.llmCircuitBreaker.state).toBe('open');
    await expect(engine.getResponse('Hello')).rejects.toMatchObject({ code: 'CIRCUIT_OPEN' });
    expect(provider.counts.calls).toBe(5);
  }));

test.for(['408', '429', '500', '502', '503', '504'])(
  'a transient failure, %s, is recovered without code',
  (status) =>
    withProvider(async (provider, engine) => {
      provider.script([status, status]);
      expect((await engine.getResponse('What is 2+2?')).content).toBe('4');
      expect(provider.counts.calls).toBe(3);
    }),
);

test('a manual retry with RetryableError', async () => {
  let calls = 0;
  const operation = async (): Promise<string> => {
    if (++calls < 3) throw new RetryableError('not yet', { maxRetries: 3, backoffMs: 1 });
    return 'done';
  };
  const pauses: number[] = [];
  const retrying = async (): Promise<string> => {
    try {
      return await operation();
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      for (let attempt = 0; attempt < error.maxRetries; attempt++) {
        pauses.push(error.nextBackoffMs());
        try {
          return await operation();
        } catch (again) {
          if (!(again instanceof RetryableError)) throw again;
        }
      }
      throw error;
    }
  };
  expect(await retrying()).toBe('done');
  expect(pauses).toEqual([1, 2]);
});

test('the chat lives on when the memory is down', async () => {
  await using provider = await startProvider();
  const memory = new Memory({ store: faulty(inMemoryStore(), { '*': 'fail' }) });
  const engine = new ChatEngine({ model: openaiModel({ baseURL: provider.url }), memory });
  const { content, metadata } = await engine.getResponse('What is 2+2?', { sessionId: 'me' });
  expect(content).toBe('4');
  expect(metadata.degraded).not.toHaveLength(0);
  await engine.shutdown({ timeoutMs: 1 });
});

test('an error says whether one can retry', () =>
  withProvider(async (provider, engine) => {
    provider.fail('401');
    const error = await engine.getResponse('Hello').catch((reason: unknown) => reason);
    expect(ServiceError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ recoverable: false, httpStatus: 401 });
  }));
