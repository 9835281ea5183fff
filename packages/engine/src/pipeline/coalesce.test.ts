import { ServiceError } from '@kortana/errors';
import { inMemoryStore, Memory } from '@kortana/memory';
import { faulty } from '@kortana/memory/testing';
import { describe, expect, test } from 'vitest';
import { readAll } from '../../test/read-all.ts';
import { scriptedModel } from '../../test/scripted-model.ts';
import { ChatEngine } from '../chat-engine.ts';

/** A model that says nothing before it is let to. */
function heldModel(...script: Parameters<typeof scriptedModel>) {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const model = scriptedModel(script[0], { ...script[1], before: () => held });
  return { model, release };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('equal requests in flight', () => {
  test('are one call, streamed or not, and each gets all of it', async () => {
    const { model, release } = heldModel('one two three four');
    const engine = new ChatEngine({ model });
    const plain = Array.from({ length: 500 }, () => engine.getResponse('same'));
    const streams = Array.from({ length: 500 }, () => readAll(engine.streamResponse('same')));
    await settle();
    release();
    const replies = await Promise.all(plain);
    const seen = await Promise.all(streams);
    expect(model.asked).toHaveLength(1);
    expect(new Set(replies.map(({ content }) => content))).toEqual(new Set(['one two three four']));
    expect(new Set(seen.map(({ text }) => text))).toEqual(new Set(['one two three four']));
    const sources = [...replies, ...seen.map(({ reply }) => reply!)].map(
      ({ metadata }) => metadata.source,
    );
    expect(sources.filter((source) => source === 'live')).toHaveLength(1);
    expect(sources.filter((source) => source === 'coalesced')).toHaveLength(999);
  });

  test('cost once: only one receipt carries the usage, the others what they saved', async () => {
    const { model, release } = heldModel('hello');
    const engine = new ChatEngine({ model: { model, price: { input: 1, output: 1 } } });
    const both = [engine.getResponse('same'), engine.getResponse('same')];
    await settle();
    release();
    const [first, second] = (await Promise.all(both)).map(({ metadata }) => metadata);
    expect(first).toMatchObject({ source: 'live', usage: { totalTokens: 5 }, costUsd: 0.000005 });
    expect(second).toMatchObject({
      source: 'coalesced',
      savedUsage: { totalTokens: 5 },
      attempts: [],
    });
    expect(second).not.toHaveProperty('usage');
    expect(second).not.toHaveProperty('costUsd');
  });

  test('share what was missing while they were answered, each beside its own', async () => {
    const broken = () => Promise.reject(new Error('no connection'));
    const store = { get: broken, set: broken, delete: broken };
    const { model, release } = heldModel(new ServiceError('down', { httpStatus: 503 }));
    const engine = new ChatEngine({
      model: [model, scriptedModel('hello', { id: 'b' })],
      cache: { store },
      retry: { maxAttempts: 1 },
      memory: new Memory({ store: faulty(inMemoryStore(), { '*': 'fail' }) }),
    });
    const both = [engine.getResponse('same', { sessionId: 's' }), engine.getResponse('same')];
    await settle();
    release();
    const parts = (await Promise.all(both)).map(({ metadata }) =>
      metadata.degraded.map(({ part }) => part),
    );
    expect(parts).toEqual([
      ['memory.window', 'memory.search', 'cache.store', 'model.primary'],
      ['cache.store', 'model.primary'],
    ]);
  });

  test("are not joined, nor answered from the cache, by one that said 'off'", async () => {
    const { model, release } = heldModel(['one', 'two']);
    const engine = new ChatEngine({ model });
    const ask = (cache: 'use' | 'off') => engine.getResponse('same', { temperature: 0, cache });
    const all = [ask('use'), ask('off'), ask('use'), ask('off')];
    await settle();
    release();
    const replies = await Promise.all(all);
    // Who asks the cache first comes later to the model.
    expect(replies.map(({ content }) => content)).toEqual(['two', 'one', 'two', 'one']);
    expect(replies.map(({ metadata }) => metadata.source)).toEqual([
      'live',
      'live',
      'coalesced',
      'coalesced',
    ]);
    expect((await ask('use')).content).toBe('two');
    expect((await ask('off')).metadata.source).toBe('live');
  });

  test('let a late reader of a stream have all of it', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const model = scriptedModel('one two three');
    const slow = { ...model, stream: slowly(model.stream, held) };
    const engine = new ChatEngine({ model: slow });
    const early = engine.streamResponse('same');
    expect(await early.next()).toEqual({ done: false, value: { type: 'text', text: 'one ' } });
    const late = readAll(engine.streamResponse('same'));
    await settle();
    release();
    expect((await late).text).toBe('one two three');
    expect((await readAll(early)).text).toBe('two three');
    expect(model.asked).toHaveLength(1);
  });

  test('share the error', async () => {
    const error = new ServiceError('bad', { httpStatus: 400 });
    const { model, release } = heldModel(error);
    const engine = new ChatEngine({ model });
    const replies = [engine.getResponse('same'), engine.getResponse('same')];
    const outcomes = Promise.allSettled(replies);
    await settle();
    release();
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ reason: error });
    expect(model.asked).toHaveLength(1);
  });

  test('are separate calls for different users', async () => {
    const { model, release } = heldModel('hello');
    const engine = new ChatEngine({ model });
    const replies = ['a', 'b'].map((userId) => engine.getResponse('same', { userId }));
    await settle();
    release();
    await Promise.all(replies);
    expect(model.asked).toHaveLength(2);
  });

  test('are separate calls where answers may differ: no cache, and the model free to choose', async () => {
    const { model, release } = heldModel('hello');
    const engine = new ChatEngine({ model, cache: false });
    const replies = [engine.getResponse('same'), engine.getResponse('same')];
    const sober = [0, 0].map((temperature) => engine.getResponse('sober', { temperature }));
    await settle();
    release();
    await Promise.all([...replies, ...sober]);
    expect(model.asked).toHaveLength(3);
  });

  test.for([{ temperature: 0 }, { seed: 1 }])(
    'are one call without a cache, too, where the same answer is asked for: %o',
    async (same) => {
      const { model, release } = heldModel('hello');
      const engine = new ChatEngine({ model, cache: false });
      const request = { messages: [{ role: 'user' as const, content: 'hi' }], ...same };
      const both = [engine.complete(request), engine.complete(request)];
      await settle();
      release();
      await Promise.all(both);
      expect(model.asked).toHaveLength(1);
    },
  );

  test('get a result each: what one does with his leaves the others theirs', async () => {
    const { model, release } = heldModel({ calls: [{ id: '1', name: 'add', arguments: '{}' }] });
    const engine = new ChatEngine({ model });
    const request = { messages: [{ role: 'user' as const, content: 'hi' }] };
    const both = [engine.complete(request), engine.complete(request)];
    await settle();
    release();
    const [one, other] = await Promise.all(both);
    one!.toolCalls![0]!.arguments = 'changed';
    one!.metadata.attempts.length = 0;
    expect(other!.toolCalls).toEqual([{ id: '1', name: 'add', arguments: '{}' }]);
  });

  test('are not joined by one that wants a fresh answer', async () => {
    const { model, release } = heldModel('hello');
    const engine = new ChatEngine({ model });
    const replies = [engine.getResponse('same'), engine.getResponse('same', { cache: 'refresh' })];
    await settle();
    release();
    await Promise.all(replies);
    expect(model.asked).toHaveLength(2);
  });
});

describe('the abort of', () => {
  test('one caller leaves the others alone, also if he was the first', async () => {
    const { model, release } = heldModel('hello');
    const engine = new ChatEngine({ model });
    const controller = new AbortController();
    const first = engine.getResponse('same', { signal: controller.signal });
    const second = engine.getResponse('same');
    const stream = readAll(engine.streamResponse('same'));
    await settle();
    controller.abort('enough');
    await expect(first).rejects.toBe('enough');
    release();
    expect((await second).content).toBe('hello');
    expect((await stream).text).toBe('hello');
    expect(model.asked).toHaveLength(1);
  });

  test('the last one stops the call', async () => {
    const model = scriptedModel({ says: ['hello '], then: 'hang' });
    const engine = new ChatEngine({ model });
    const controllers = [new AbortController(), new AbortController()];
    const streams = controllers.map(({ signal }) =>
      readAll(engine.streamResponse('same', { signal })),
    );
    await settle();
    controllers[0]!.abort('one');
    await settle();
    expect(model.running).toBe(1);
    controllers[1]!.abort('two');
    expect((await Promise.all(streams)).map(({ error }) => error)).toEqual(['one', 'two']);
    await settle();
    expect({ running: model.running, stopped: model.stopped }).toEqual({ running: 0, stopped: 1 });
    expect(engine.metrics.getCounters()['aborted']).toBe(2);
    expect(engine.status().inFlight).toBe(0);
  });

  test('a reader who breaks out of his stream stops the call, too', async () => {
    const model = scriptedModel({ says: ['hello ', 'world'], then: 'hang' });
    const engine = new ChatEngine({ model });
    for await (const event of engine.streamResponse('same')) if (event.type === 'text') break;
    await settle();
    expect(model.running).toBe(0);
  });

  test('an already aborted signal calls nothing', async () => {
    const model = scriptedModel('hello');
    const engine = new ChatEngine({ model });
    const signal = AbortSignal.abort('never');
    await expect(engine.getResponse('hi', { signal })).rejects.toBe('never');
    expect((await readAll(engine.streamResponse('hi', { signal }))).error).toBe('never');
    expect(model.asked).toHaveLength(0);
  });
});

test('a stream is not begun before somebody reads it', async () => {
  const model = scriptedModel('hello');
  new ChatEngine({ model }).streamResponse('hi');
  await settle();
  expect(model.asked).toHaveLength(0);
});

/** The first piece at once, the others when they are let through. */
function slowly(
  stream: ReturnType<typeof scriptedModel>['stream'],
  held: Promise<void>,
): typeof stream {
  return async function* (request, options) {
    let isFirst = true;
    for await (const chunk of stream(request, options)) {
      yield chunk;
      if (isFirst) await held;
      isFirst = false;
    }
  };
}

test('a request that comes in the moment after the last one was aborted makes a call of its own', async () => {
  const model = scriptedModel([{ says: ['hello '], then: 'hang' }, 'hello again']);
  const engine = new ChatEngine({ model });
  const controller = new AbortController();
  const first = readAll(engine.streamResponse('same', { signal: controller.signal }));
  await settle();
  controller.abort('enough');
  const second = readAll(engine.streamResponse('same'));
  expect((await first).error).toBe('enough');
  expect((await second).text).toBe('hello again');
});

test('a deaf model does not keep its key from the next ones', async () => {
  const deaf = { ...scriptedModel('x'), stream: () => forEver() };
  let isDeaf = true;
  const well = scriptedModel('hello');
  const model = {
    ...well,
    stream: (...args: Parameters<typeof well.stream>) =>
      isDeaf ? deaf.stream() : well.stream(...args),
  };
  const engine = new ChatEngine({ model });
  const controller = new AbortController();
  const first = readAll(engine.streamResponse('same', { signal: controller.signal }));
  await settle();
  controller.abort('enough');
  expect((await first).error).toBe('enough');
  isDeaf = false;
  expect((await readAll(engine.streamResponse('same'))).text).toBe('hello');
});

function forEver(): AsyncIterableIterator<never> {
  const iterator: AsyncIterableIterator<never> = {
    next: () => new Promise(() => {}),
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
