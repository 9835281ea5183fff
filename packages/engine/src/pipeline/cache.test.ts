import { KortanaError, ServiceError } from '@kortana/errors';
import { describe, expect, test } from 'vitest';
import { readAll } from '../../test/read-all.ts';
import { scriptedModel, type Step } from '../../test/scripted-model.ts';
import { ChatEngine } from '../chat-engine.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));
const down = new ServiceError('down', { httpStatus: 503 });

describe('an answer that was given before', () => {
  test('is given again without a call, and says what it saved', async () => {
    const model = scriptedModel('four');
    const engine = new ChatEngine({ model });
    await engine.getResponse('What is 2+2?');
    const { content, metadata } = await engine.getResponse('What is 2+2?');
    expect(content).toBe('four');
    expect(metadata).toMatchObject({
      source: 'cache',
      attempts: [],
      savedUsage: { totalTokens: 5 },
    });
    expect(metadata).not.toHaveProperty('usage');
    expect(model.asked).toHaveLength(1);
  });

  test('is replayed as a stream, with its thoughts', async () => {
    const model = scriptedModel({ thinks: ['hm'], says: ['one ', 'two'] });
    const engine = new ChatEngine({ model });
    await readAll(engine.streamResponse('hi'));
    const { events } = await readAll(engine.streamResponse('hi'));
    expect(events).toMatchObject([
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'one two' },
      { type: 'finish', reply: { content: 'one two', metadata: { source: 'cache' } } },
    ]);
    expect(model.asked).toHaveLength(1);
  });

  test('serves plain and streamed requests alike, and the pipeline alone', async () => {
    const model = scriptedModel('hello');
    const engine = new ChatEngine({ model });
    await readAll(engine.streamResponse('hi'));
    expect((await engine.getResponse('hi')).metadata.source).toBe('cache');
    const request = { messages: [{ role: 'user' as const, content: 'hi' }] };
    expect((await engine.complete(request)).metadata.source).toBe('cache');
    expect(model.asked).toHaveLength(1);
  });

  test("is not another user's", async () => {
    const model = scriptedModel('hello');
    const engine = new ChatEngine({ model });
    for (const userId of ['a', 'b', undefined]) await engine.getResponse('hi', { userId });
    expect(model.asked).toHaveLength(3);
    expect((await engine.getResponse('hi', { userId: 'b' })).metadata.source).toBe('cache');
  });

  test.for([
    [{ temperature: 0.1 }, { temperature: 0.2 }],
    [{ maxTokens: 1 }, { maxTokens: 2 }],
    [{ model: 'x' }, { model: 'y' }],
  ])('is not given for another request: %o, %o', async ([one, other]) => {
    const model = scriptedModel('hello');
    const engine = new ChatEngine({ model });
    await engine.getResponse('hi', one);
    expect((await engine.getResponse('hi', other)).metadata.source).toBe('live');
    expect((await engine.getResponse('hi', one)).metadata.source).toBe('cache');
  });

  test('lives for 5 minutes', async () => {
    let now = 0;
    const model = scriptedModel('hello');
    const engine = new ChatEngine({ model, clock: { now: () => now } });
    await engine.getResponse('hi');
    now = 299_999;
    expect((await engine.getResponse('hi')).metadata.source).toBe('cache');
    now = 300_000;
    expect((await engine.getResponse('hi')).metadata.source).toBe('live');
  });

  test('is one of the last 100', async () => {
    const model = scriptedModel('hello');
    const engine = new ChatEngine({ model });
    for (let i = 0; i <= 100; i++) await engine.getResponse(`question ${i}`);
    expect((await engine.getResponse('question 1')).metadata.source).toBe('cache');
    expect((await engine.getResponse('question 0')).metadata.source).toBe('live');
  });

  test("is not the caller's to change", async () => {
    const engine = new ChatEngine({ model: scriptedModel('hello') });
    await engine.complete({ messages: [{ role: 'user', content: 'hi' }] });
    const hit = await engine.complete({ messages: [{ role: 'user', content: 'hi' }] });
    hit.content = 'changed';
    hit.usage!.totalTokens = 99;
    const next = await engine.complete({ messages: [{ role: 'user', content: 'hi' }] });
    expect(next.content).toBe('hello');
    expect(next.metadata.savedUsage?.totalTokens).toBe(5);
  });
});

describe('not kept', () => {
  const unkept: [string, Step][] = [
    ['an answer that is too long', { says: ['hel'], finishReason: 'length' }],
    ['a filtered answer', { says: ['hel'], finishReason: 'contentFilter' }],
    ['an empty answer', { says: [] }],
    ['a wish for a tool', { calls: [{ id: '1', name: 'x', arguments: '{}' }] }],
    ['an error', new ServiceError('bad', { httpStatus: 400 })],
  ];
  test.for(unkept)('is %s', async ([, step]) => {
    const model = scriptedModel(step);
    const engine = new ChatEngine({ model });
    const request = { messages: [{ role: 'user' as const, content: 'hi' }] };
    for (let i = 0; i < 2; i++) await engine.complete(request).catch(() => {});
    expect(model.asked).toHaveLength(2);
  });

  test('is an answer that ended by its length, which is delivered with its reason', async () => {
    const model = scriptedModel({ says: ['hel'], finishReason: 'length' });
    const { content, metadata } = await new ChatEngine({ model }).getResponse('hi');
    expect({ content, reason: metadata.finishReason }).toEqual({
      content: 'hel',
      reason: 'length',
    });
  });
});

describe('a request may say', () => {
  test("'refresh': it is asked anew, and that is kept", async () => {
    const model = scriptedModel(['old', 'new']);
    const engine = new ChatEngine({ model });
    await engine.getResponse('hi');
    expect((await engine.getResponse('hi', { cache: 'refresh' })).content).toBe('new');
    expect(await engine.getResponse('hi')).toMatchObject({
      content: 'new',
      metadata: { source: 'cache' },
    });
  });

  test("'off': it is asked anew, and that is not kept", async () => {
    const model = scriptedModel(['old', 'new']);
    const engine = new ChatEngine({ model });
    await engine.getResponse('hi');
    expect((await engine.getResponse('hi', { cache: 'off' })).content).toBe('new');
    expect((await engine.getResponse('hi')).content).toBe('old');
  });

  test("'off': it is not kept either where equal requests share a call", async () => {
    const model = scriptedModel(['one', 'two']);
    const engine = new ChatEngine({ model });
    await engine.getResponse('hi', { cache: 'off', temperature: 0 });
    expect((await engine.getResponse('hi', { temperature: 0 })).content).toBe('two');
  });
});

describe('an answer past its time', () => {
  const stale = (steps: Step[], cache: object) => {
    const clock = { at: 0, now: () => clock.at };
    const model = scriptedModel(steps);
    const retry = { maxAttempts: 1 };
    return {
      model,
      clock,
      engine: new ChatEngine({ model, clock, retry, cache: { ttlMs: 1000, ...cache } }),
    };
  };

  test('stands in where nothing else can answer, for as long as it may', async () => {
    const { engine, clock } = stale(['hello', down], { staleIfErrorMs: 500 });
    await engine.getResponse('hi');
    clock.at = 1499;
    expect(await engine.getResponse('hi')).toMatchObject({
      content: 'hello',
      metadata: {
        source: 'stale',
        savedUsage: { totalTokens: 5 },
        attempts: [{ outcome: 'error' }],
        degraded: [{ part: 'model.primary', reason: 'error', code: 'SERVICE_ERROR_503' }],
      },
    });
    expect((await readAll(engine.streamResponse('hi'))).text).toBe('hello');
    clock.at = 1500;
    await expect(engine.getResponse('hi')).rejects.toBe(down);
  });

  test('does not stand in for a request that is itself to blame', async () => {
    const bad = new ServiceError('bad', { httpStatus: 400 });
    const { engine, clock } = stale(['hello', bad], { staleIfErrorMs: 500 });
    await engine.getResponse('hi');
    clock.at = 1200;
    await expect(engine.getResponse('hi')).rejects.toBe(bad);
  });

  test('is never glued to what a broken stream has sent', async () => {
    const { engine, clock } = stale(['hello', { says: ['good '], then: down }], {
      staleIfErrorMs: 500,
    });
    await engine.getResponse('hi');
    clock.at = 1200;
    const seen = await readAll(engine.streamResponse('hi'));
    expect(seen.text).toBe('good ');
    expect(KortanaError.isInstance(seen.error)).toBe(true);
  });

  test('is given at once while a new one is asked for, once', async () => {
    const { engine, clock, model } = stale(['old', 'new'], { staleWhileRevalidateMs: 500 });
    await engine.getResponse('hi');
    clock.at = 1499;
    const replies = await Promise.all([engine.getResponse('hi'), engine.getResponse('hi')]);
    for (const { content, metadata } of replies) {
      expect(content).toBe('old');
      expect(metadata).toMatchObject({ source: 'stale', attempts: [] });
    }
    await settle();
    expect(await engine.getResponse('hi')).toMatchObject({
      content: 'new',
      metadata: { source: 'cache' },
    });
    expect(model.asked).toHaveLength(2);
  });

  test('is asked for in the background one at a time', async () => {
    const { engine, clock, model } = stale(['old', { then: 'hang' }], {
      staleWhileRevalidateMs: 500,
    });
    await engine.getResponse('hi');
    clock.at = 1499;
    for (let i = 0; i < 3; i++) expect((await engine.getResponse('hi')).content).toBe('old');
    expect(model.asked).toHaveLength(2);
    await engine.shutdown({ timeoutMs: 0 });
  });

  test('is asked for like any other when that time is over, too', async () => {
    const { engine, clock } = stale(['old', 'new'], { staleWhileRevalidateMs: 500 });
    await engine.getResponse('hi');
    clock.at = 1500;
    expect((await engine.getResponse('hi')).content).toBe('new');
  });
});

describe('a shared store', () => {
  test('serves the answers of another process', async () => {
    const store = new Map<string, string>();
    const first = new ChatEngine({ model: scriptedModel('hello'), cache: { store } });
    await first.getResponse('hi');
    await first.shutdown();
    const model = scriptedModel('never asked');
    const second = new ChatEngine({ model, cache: { store } });
    expect(await second.getResponse('hi')).toMatchObject({
      content: 'hello',
      metadata: { source: 'cache' },
    });
    expect([...store].join()).not.toContain('hi');
  });

  test('that is down costs no answer, and is told', async () => {
    const broken = () => Promise.reject(new Error('no connection'));
    const store = { get: broken, set: broken, delete: broken };
    const engine = new ChatEngine({ model: scriptedModel('hello'), cache: { store } });
    const { content, metadata } = await engine.getResponse('hi');
    expect(content).toBe('hello');
    expect(metadata.degraded).toMatchObject([{ part: 'cache.store', reason: 'down' }]);
    expect(engine.status()).toMatchObject({ health: 'degraded' });
    expect(engine.status().words).toContain('shared cache');
    expect((await engine.getResponse('hi')).metadata.source).toBe('cache');
  });

  test('that gives garbage is like an empty one', async () => {
    const kept = { content: 'x', finishReason: 'stop', model: 'm', provider: 'p', id: '1' };
    const others = [
      { content: 7 },
      { ...kept, usage: 'much' },
      { ...kept, reasoning: 7 },
      { ...kept, toolCalls: [null] },
    ];
    const head = `{"generation":"0","at":${Date.now()},"ttlMs":null}\n`;
    const garbage = ['{', 'null', ...others.map((other) => head + JSON.stringify(other))];
    const sourceWith = async (text: string): Promise<string> => {
      const get = (key: string) => (key.endsWith(':generation') ? undefined : text);
      const store = { get, set: () => true, delete: () => true };
      const engine = new ChatEngine({ model: scriptedModel('hello'), cache: { store } });
      return (await engine.getResponse('hi')).metadata.source;
    };
    expect(await sourceWith(head + JSON.stringify(kept))).toBe('cache');
    for (const text of garbage) expect(await sourceWith(text)).toBe('live');
  });
});
