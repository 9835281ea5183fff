import { ServiceError } from '@kortana/errors';
import { inMemoryStore, Memory } from '@kortana/memory';
import { faulty, type FaultScript } from '@kortana/memory/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { failureOf, readAll } from '../../test/read-all.ts';
import { scriptedModel } from '../../test/scripted-model.ts';
import { ChatEngine } from '../chat-engine.ts';

afterEach(() => void vi.useRealTimers());

const inSession = { sessionId: 's' };
const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });

describe('a session', () => {
  test('remembers its earlier turns, streamed or not', async () => {
    const model = scriptedModel(['one', 'two', 'three']);
    const engine = new ChatEngine({ model });
    await engine.getResponse('a', inSession);
    await readAll(engine.streamResponse('b', inSession));
    await engine.getResponse('c', inSession);
    expect(model.asked[2]?.messages).toEqual([
      user('a'),
      assistant('one'),
      user('b'),
      assistant('two'),
      user('c'),
    ]);
  });

  test("never gets another conversation's answer to the same words", async () => {
    const model = scriptedModel(({ messages }) => `about ${String(messages[0]?.content)}`);
    const engine = new ChatEngine({ model });
    for (const sessionId of ['x', 'y']) {
      await engine.getResponse(`topic ${sessionId}`, { sessionId });
      expect((await engine.getResponse('yes', { sessionId })).content).toBe(
        `about topic ${sessionId}`,
      );
    }
  });

  test('remembers what was given from the cache, too', async () => {
    const model = scriptedModel('one');
    const engine = new ChatEngine({ model });
    await engine.getResponse('a');
    await engine.getResponse('a', inSession);
    await engine.getResponse('b', inSession);
    expect(model.asked.at(-1)?.messages).toEqual([user('a'), assistant('one'), user('b')]);
  });

  test('is not shared by two users who chose the same name for it', async () => {
    const model = scriptedModel('secret');
    const engine = new ChatEngine({ model });
    await engine.getResponse('mine', { sessionId: 's', userId: 'a' });
    await engine.getResponse('what?', { sessionId: 's', userId: 'b' });
    expect(model.asked.at(-1)?.messages).toEqual([user('what?')]);
  });

  test('tells the model what it remembers of the user, and the receipt names it', async () => {
    const memory = new Memory({ store: inMemoryStore() });
    await memory.remember({ userId: 'u', text: 'I like green tea' });
    const model = scriptedModel('one');
    const engine = new ChatEngine({ model, memory });
    const { metadata } = await engine.getResponse('What do I like?', {
      sessionId: 's',
      userId: 'u',
    });
    expect(metadata.memoriesUsed).toMatchObject([{ text: 'I like green tea' }]);
    const [context, question] = model.asked[0]!.messages;
    expect(context).toMatchObject({
      role: 'system',
      content: expect.stringContaining('green tea'),
    });
    expect(question).toEqual(user('What do I like?'));
  });

  test('without a name remembers nothing and asks for nothing', async () => {
    const memory = new Memory({ store: inMemoryStore() });
    const recall = vi.spyOn(memory, 'recall');
    const record = vi.spyOn(memory, 'record');
    const engine = new ChatEngine({ model: scriptedModel('one'), memory });
    await engine.getResponse('a', { userId: 'u' });
    expect(recall).not.toHaveBeenCalled();
    expect(record).not.toHaveBeenCalled();
  });
});

describe('not remembered', () => {
  test('is a turn without an answer', async () => {
    const model = scriptedModel([new ServiceError('bad', { httpStatus: 400 }), 'one']);
    const engine = new ChatEngine({ model });
    await failureOf(engine.getResponse('a', inSession));
    await engine.getResponse('b', inSession);
    expect(model.asked[1]?.messages).toEqual([user('b')]);
  });

  test('is what a filter left over', async () => {
    const model = scriptedModel([{ says: ['oh '], finishReason: 'contentFilter' }, 'one']);
    const engine = new ChatEngine({ model });
    expect((await engine.getResponse('a', inSession)).metadata.finishReason).toBe('contentFilter');
    await engine.getResponse('b', inSession);
    expect(model.asked[1]?.messages).toEqual([user('b')]);
  });
});

describe('a memory that is down', () => {
  const withFaults = (script: FaultScript) => {
    const model = scriptedModel(['one', 'two', 'three']);
    const memory = new Memory({ store: faulty(inMemoryStore(), script) });
    return { model, memory, engine: new ChatEngine({ model, memory }) };
  };

  test('costs no answer: the chat goes on from what this process knows, and says so', async () => {
    const script: FaultScript = { '*': 'fail' };
    const { engine, model } = withFaults(script);
    const first = await engine.getResponse('a', inSession);
    expect(first.content).toBe('one');
    expect(first.metadata.degraded.map(({ part }) => part)).toContain('memory.window');
    await engine.getResponse('b', inSession);
    expect(model.asked[1]?.messages).toEqual([user('a'), assistant('one'), user('b')]);
    expect(engine.status()).toMatchObject({ health: 'degraded' });
    expect(engine.status().words).toContain('memory');
    expect(engine.metrics.getSummary()['memory_load']?.failedRequests).toBe(2);
    script['*'] = 'ok';
    await engine.shutdown();
  });

  test('holds up an answer for 150 ms at most', async () => {
    vi.useFakeTimers();
    const { engine, model } = withFaults({ '*': 'hang' });
    const reply = engine.getResponse('a', inSession);
    await vi.advanceTimersByTimeAsync(141);
    expect(model.asked).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect((await reply).metadata.degraded).toMatchObject([{ reason: 'timeout' }, {}]);
  });

  test('does not let an answer that lacked it be given to one that has it', async () => {
    const script: FaultScript = {};
    const { engine, model, memory } = withFaults(script);
    await memory.record({
      sessionId: 's',
      messages: [user('I am Ann'), assistant('Hello Ann')] as never,
    });
    script['*'] = 'hang';
    const other = new ChatEngine({
      model,
      memory: new Memory({ store: faulty(inMemoryStore(), script) }),
    });
    await other.getResponse('Who am I?', inSession);
    script['*'] = 'ok';
    const { metadata } = await engine.getResponse('Who am I?', inSession);
    expect(metadata.source).toBe('live');
    expect(model.asked.at(-1)?.messages).toHaveLength(3);
  });

  test.for([
    ['rejects', () => Promise.reject(new Error('broken'))],
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
  ] as const)('that %s against its own rules costs no answer either', async ([, fail]) => {
    const memory = { recall: fail, record: fail, flush: fail } as unknown as Memory;
    const engine = new ChatEngine({ model: scriptedModel('one'), memory });
    const { content, metadata } = await engine.getResponse('a', inSession);
    expect(content).toBe('one');
    expect(metadata.degraded).toMatchObject([{ part: 'memory.window', reason: 'error' }]);
    await engine.shutdown();
    expect(engine.metrics.getCounters()['memory_dropped']).toBe(1);
  });

  test('that never answers, against its own rules, is bounded like all else', async () => {
    vi.useFakeTimers();
    const memory = { recall: () => new Promise(() => {}), record: () => {}, flush: () => {} };
    const engine = new ChatEngine({
      model: scriptedModel('one'),
      memory: memory as unknown as Memory,
    });
    const controller = new AbortController();
    const failure = failureOf(engine.getResponse('a', { ...inSession, signal: controller.signal }));
    controller.abort('enough');
    expect(await failure).toBe('enough');
    const other = failureOf(engine.getResponse('a', inSession));
    const closing = engine.shutdown({ timeoutMs: 1000 });
    await vi.advanceTimersByTimeAsync(1000);
    await closing;
    expect(await other).toMatchObject({ code: 'ENGINE_CLOSED' });
  });
});

test('with memory: false there is none', async () => {
  const model = scriptedModel('one');
  const engine = new ChatEngine({ model, memory: false });
  await engine.getResponse('a', inSession);
  await engine.getResponse('b', inSession);
  expect(model.asked[1]?.messages).toEqual([user('b')]);
});
