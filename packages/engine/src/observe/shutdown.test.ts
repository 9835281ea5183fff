import { inMemoryStore, Memory } from '@kortana/memory';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { failureOf, readAll } from '../../test/read-all.ts';
import { scriptedModel } from '../../test/scripted-model.ts';
import { ChatEngine } from '../chat-engine.ts';
import { tool } from '../tools/tool.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('shutdown', () => {
  test('takes nothing new, and says so', async () => {
    const engine = new ChatEngine({ model: scriptedModel('hello') });
    await engine.shutdown();
    const refusal = { code: 'ENGINE_CLOSED', recoverable: false };
    expect(await failureOf(engine.getResponse('hi'))).toMatchObject(refusal);
    expect((await readAll(engine.streamResponse('hi'))).error).toMatchObject(refusal);
    expect(engine.status()).toMatchObject({ health: 'closed' });
  });

  test('finishes what is in flight', async () => {
    const before = () => new Promise<void>((resolve) => setTimeout(resolve, 5000));
    const engine = new ChatEngine({ model: scriptedModel('hello there', { before }) });
    const reply = engine.getResponse('a');
    const stream = readAll(engine.streamResponse('b'));
    await vi.advanceTimersByTimeAsync(0);
    const closing = engine.shutdown();
    await vi.advanceTimersByTimeAsync(5000);
    await closing;
    expect((await reply).content).toBe('hello there');
    expect((await stream).text).toBe('hello there');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('aborts what is not finished in time', async () => {
    const model = scriptedModel({ says: ['one '], then: 'hang' });
    const engine = new ChatEngine({ model });
    const stream = readAll(engine.streamResponse('b'));
    await vi.advanceTimersByTimeAsync(0);
    const closing = engine.shutdown({ timeoutMs: 1000 });
    await vi.advanceTimersByTimeAsync(999);
    expect(model.running).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    await closing;
    expect((await stream).error).toMatchObject({ code: 'ENGINE_CLOSED' });
    expect(model.running).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('ends a tool that is still running, and asks the model no more', async () => {
    let stopped: unknown;
    const waits = tool({
      name: 'wait',
      description: 'Waits',
      parameters: z.object({}),
      run: (_, { signal }) =>
        new Promise(() => signal.addEventListener('abort', () => (stopped = signal.reason))),
    });
    const model = scriptedModel({ calls: [{ id: '1', name: 'wait', arguments: '{}' }] });
    const engine = new ChatEngine({ model, tools: [waits] });
    const failure = failureOf(engine.getResponse('go'));
    await vi.advanceTimersByTimeAsync(0);
    const closing = engine.shutdown({ timeoutMs: 1000 });
    await vi.advanceTimersByTimeAsync(1000);
    await closing;
    expect(await failure).toMatchObject({ code: 'ENGINE_CLOSED' });
    expect(stopped).toBe(await failure);
    await vi.runAllTimersAsync();
    expect(model.asked).toHaveLength(1);
    expect(engine.metrics.getSummary()['get_response']?.failedRequests).toBe(1);
  });

  test('ends what is asked for in the background, too', async () => {
    const model = scriptedModel(['old', { then: 'hang' }]);
    const clock = { at: 0, now: () => clock.at };
    const cache = { ttlMs: 1000, staleWhileRevalidateMs: 1000 };
    const engine = new ChatEngine({ model, clock, cache });
    await engine.getResponse('hi');
    clock.at = 1500;
    await engine.getResponse('hi');
    expect(model.running).toBe(1);
    await engine.shutdown({ timeoutMs: 0 });
    expect(model.running).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test.for([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
    ['hangs', () => new Promise(() => {})],
  ] as const)('is done in its time with a memory whose flush %s', async ([, flush]) => {
    const memory = { recall: flush, record: flush, flush } as unknown as Memory;
    const closing = new ChatEngine({ model: scriptedModel('hello'), memory }).shutdown();
    await vi.advanceTimersByTimeAsync(10_000);
    await closing;
    expect(vi.getTimerCount()).toBe(0);
  });

  test.for([
    [null, 'options'],
    [{ timeoutMs: '1' }, 'timeoutMs'],
    [{ timeoutMs: -1 }, 'timeoutMs'],
  ])('with %j rejects and names `%s`', async ([options, name]) => {
    const engine = new ChatEngine({ model: scriptedModel('hello') });
    expect(String(await failureOf(engine.shutdown(options as never)))).toContain(`\`${name}\``);
    expect(engine.status().health).toBe('ok');
  });

  test('writes out what the memory still holds, and leaves a given one open', async () => {
    const store = inMemoryStore();
    const memory = new Memory({ store });
    const engine = new ChatEngine({ model: scriptedModel('hello'), memory });
    await engine.getResponse('hi', { sessionId: 's' });
    await engine.shutdown();
    const turns = await store.window({ sessionId: 's' }, { maxTokens: 1000, maxMessages: 10 });
    expect(turns.flatMap(({ messages }) => messages)).toEqual([
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: 'hello' },
    ]);
    expect((await memory.recall({ sessionId: 's', query: 'x' })).messages).toHaveLength(2);
    await memory.close();
  });

  test('waits for answers that are still being written to a shared store', async () => {
    const kept: string[] = [];
    const set = async (key: string) => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      kept.push(key);
    };
    const store = { get: async () => undefined, set, delete: async () => true };
    const engine = new ChatEngine({ model: scriptedModel('hello'), cache: { store } });
    await engine.getResponse('hi');
    const closing = engine.shutdown();
    await vi.advanceTimersByTimeAsync(200);
    await closing;
    expect(kept).toHaveLength(1);
  });

  test('may be asked for twice', async () => {
    const engine = new ChatEngine({ model: scriptedModel({ then: 'hang' }) });
    const failure = failureOf(engine.getResponse('hi'));
    await vi.advanceTimersByTimeAsync(0);
    const closings = [engine.shutdown({ timeoutMs: 1000 }), engine.shutdown({ timeoutMs: 1000 })];
    await vi.advanceTimersByTimeAsync(1000);
    await Promise.all(closings);
    expect(await failure).toMatchObject({ code: 'ENGINE_CLOSED' });
    expect(engine.status().health).toBe('closed');
  });
});
