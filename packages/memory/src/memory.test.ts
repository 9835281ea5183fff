import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ChatMessage } from './chat-message.ts';
import { inMemoryStore } from './in-memory/in-memory-store.ts';
import { Memory } from './memory.ts';
import type { MemoryEvent } from './memory-event.ts';
import type { MemoryOptions } from './memory-options.ts';
import { faulty, type FaultScript } from './testing/faulty.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function setUp(script: FaultScript = {}, options: Partial<MemoryOptions> = {}) {
  const inner = inMemoryStore();
  const events: MemoryEvent[] = [];
  const store = faulty(inner, script);
  const memory = new Memory({ store, onEvent: (event) => events.push(event), ...options });
  return { memory, inner, events, script };
}

/** Lets time pass until the promise settles, and says how much that was. */
async function took<T>(promise: Promise<T>): Promise<{ value: T; ms: number }> {
  const start = Date.now();
  let done = false;
  const settled = promise.finally(() => (done = true));
  await vi.advanceTimersByTimeAsync(0);
  while (!done) {
    await vi.advanceTimersToNextTimerAsync();
    await vi.advanceTimersByTimeAsync(0);
  }
  return { value: await settled, ms: Date.now() - start };
}

const user = (content: string): ChatMessage => ({ role: 'user', content });
const assistant = (content: string): ChatMessage => ({ role: 'assistant', content });
const turn = (text: string, sessionId = 's') => ({
  sessionId,
  messages: [user(text), assistant('ok')],
});
const texts = (messages: ChatMessage[]) =>
  messages.filter(({ role }) => role === 'user').map(({ content }) => content);
const ask = { sessionId: 's', query: 'and now?' };

test('recalls the turns of a session, oldest first', async () => {
  const { memory } = setUp();
  expect(await memory.record(turn('one'))).toBe('stored');
  expect(await memory.record(turn('two'))).toBe('stored');
  await memory.record(turn('elsewhere', 'other'));
  expect(await memory.recall(ask)).toEqual({
    messages: [user('one'), assistant('ok'), user('two'), assistant('ok')],
    items: [],
  });
  await memory.close();
});

test('recalls facts and older turns of the same user, each with its reason', async () => {
  const { memory } = setUp({}, { recall: { maxMessages: 2 } });
  await memory.remember({ userId: 'anna', text: 'Anna has a dog.' });
  await memory.record({ ...turn('The parrot is called Zorblax'), userId: 'anna', at: 5 });
  await memory.record({ ...turn('Hello'), userId: 'anna' });
  await memory.record({ ...turn('The parrot Zorblax is mine', 'x'), userId: 'ben' });
  const request = { sessionId: 'new', userId: 'anna', query: 'What is the parrot called?' };
  const { messages, items } = await memory.recall(request);
  expect(messages).toEqual([]);
  expect(items).toEqual([
    expect.objectContaining({ text: 'Anna has a dog.', why: 'pinned', score: 1 }),
    {
      id: expect.any(String),
      text: 'user: The parrot is called Zorblax\nassistant: ok',
      why: 'words',
      score: 1,
      at: 5,
      sessionId: 's',
    },
  ]);
  await memory.close();
});

test('doesn’t say as an item what it says as a message', async () => {
  const { memory } = setUp();
  await memory.record(turn('The parrot is called Zorblax'));
  const { messages, items } = await memory.recall({ sessionId: 's', query: 'Zorblax?' });
  expect([messages.length, items.length]).toEqual([2, 0]);
  await memory.close();
});

test('keeps messages and items together within the budget', async () => {
  const { memory } = setUp({}, { recall: { budgetTokens: 100 } });
  await memory.remember({ userId: 'anna', text: 'f'.repeat(80) });
  await memory.remember({ userId: 'anna', text: 'g'.repeat(80) });
  for (let i = 0; i < 20; i++) await memory.record(turn(`a question of some length ${i}`));
  const { messages, items } = await memory.recall({ ...ask, userId: 'anna' });
  expect(items).toHaveLength(1); // 24 with its date, of the 25 tokens that items may take
  // 16 tokens each, in the 57 that are left besides the item and the 19 of the context's frame
  expect(texts(messages)).toEqual([17, 18, 19].map((i) => `a question of some length ${i}`));
  await memory.close();
});

test('never splits a tool call from its result', async () => {
  const { memory } = setUp();
  const call = { id: 'c', name: 'look', arguments: '{}' };
  const calling: ChatMessage = { role: 'assistant', content: '', toolCalls: [call] };
  const result: ChatMessage = { role: 'tool', content: 'found', toolCallId: 'c' };
  await memory.record({ sessionId: 's', messages: [user('Look!'), calling] });
  await memory.record({ sessionId: 's', messages: [result, assistant('There.')] });
  await memory.record({ sessionId: 's', messages: [user('Again!'), calling] });
  expect((await memory.recall(ask)).messages).toEqual([
    user('Look!'),
    calling,
    result,
    assistant('There.'),
    user('Again!'),
  ]);
  await memory.close();
});

test.each(['apology', 'fallback', 'filtered'] as const)('never stores: %s', async (kind) => {
  const { memory } = setUp();
  expect(await memory.record({ ...turn('Hello'), kind })).toBe('dropped');
  expect((await memory.recall(ask)).messages).toEqual([]);
  await memory.close();
});

test('never stores recalled context', async () => {
  const { recalledContext } = await import('./text/recalled-context.ts');
  const { memory } = setUp();
  const context = recalledContext([{ text: 'Anna has a dog.', at: 0 }]);
  expect(context.content).toContain('- 1970-01-01: Anna has a dog.');
  await memory.record({ sessionId: 's', messages: [context, user('Hi'), assistant('Hi!')] });
  expect((await memory.recall(ask)).messages).toEqual([user('Hi'), assistant('Hi!')]);
  expect(await memory.record({ sessionId: 's', messages: [context] })).toBe('dropped');
  await memory.close();
});

test('masks secrets before they are written, also in tool calls and facts', async () => {
  const { memory, inner } = setUp();
  const key = 'sk-abcdefghijklmnopqrstuvwxyz123456';
  const toolCalls = [
    { id: 'c', name: 'f', arguments: JSON.stringify({ apiKey: 'opensesame', at: 1 }) },
  ];
  await memory.record({
    sessionId: 's',
    userId: 'anna',
    messages: [
      { role: 'user', content: [{ type: 'text', text: `My key is ${key}` }] },
      { role: 'assistant', content: '', toolCalls },
      { role: 'tool', content: `password: ${key}`, toolCallId: 'c' },
    ],
  });
  await memory.remember({ userId: 'anna', text: `token=${key}` });
  const all = JSON.stringify([
    await inner.sessions.export('s'),
    await memory.facts({ userId: 'anna' }),
  ]);
  expect(all).not.toContain(key);
  expect(all).not.toContain('opensesame');
  expect(all).toContain('My key is [masked]');
  await memory.close();
});

test('stores an opId once', async () => {
  const { memory } = setUp();
  expect(await memory.record(turn('one'), { opId: 'a' })).toBe('stored');
  expect(await memory.record(turn('one'), { opId: 'a' })).toBe('stored');
  expect(texts((await memory.recall(ask)).messages)).toEqual(['one']);
  await memory.close();
});

test('shows nobody another user’s session, nor lets him write into it', async () => {
  const { memory, events } = setUp();
  await memory.record({ ...turn('mine'), userId: 'anna' });
  expect((await memory.recall({ ...ask, userId: 'ben' })).messages).toEqual([]);
  expect(await memory.record({ ...turn('gotcha'), userId: 'ben' }, { opId: 'x' })).toBe('dropped');
  expect(events).toEqual([{ type: 'dropped', sessionId: 's', opId: 'x', reason: 'refused' }]);
  expect(texts((await memory.recall({ ...ask, userId: 'anna' })).messages)).toEqual(['mine']);
  await memory.close();
});

test('says what is wrong with a request instead of rejecting', async () => {
  const { memory } = setUp();
  const empty = await memory.recall({ sessionId: '', query: 'x' });
  expect(empty).toEqual({
    messages: [],
    items: [],
    degraded: [expect.objectContaining({ part: 'memory.window', reason: 'invalid' })],
  });
  expect(await memory.record({ sessionId: 's', messages: [{ role: 'user' }] } as never)).toBe(
    'dropped',
  );
  expect(await memory.record(undefined as never)).toBe('dropped');
  // oxlint-disable-next-line no-sparse-arrays -- what is tried
  expect(await memory.record({ sessionId: 's', messages: [, user('x')] as never })).toBe('dropped');
  expect(await memory.record(turn('one'), null as never)).toBe('dropped');
  expect((await memory.recall(undefined as never)).degraded).toHaveLength(1);
  await memory.close();
});

test('goes without each part that is late, and says which', async () => {
  const { memory, script } = setUp();
  await memory.record({ ...turn('one'), userId: 'anna' });
  const request = { ...ask, userId: 'anna' };
  for (const [method, part] of [
    ['window', 'memory.window'],
    ['facts.list', 'memory.facts'],
    ['search', 'memory.search'],
  ] as const) {
    script[method] = 'hang';
    const { value, ms } = await took(memory.recall(request));
    expect(value.degraded).toEqual([
      {
        part,
        reason: 'timeout',
        code: 'TIMEOUT',
        message: `${part} took longer than 142 ms`,
      },
    ]);
    expect(texts(value.messages)).toEqual(['one']);
    // Of the deadline of 150, eight are left for a late timer and for putting together what came.
    expect(ms).toBe(142);
    script[method] = 'ok';
    await memory.recall(request);
  }
  await memory.close();
});

test('answers from the tail while reading fails, and asks again in the background', async () => {
  const { memory, script, events } = setUp();
  await memory.record(turn('one'));
  script['*'] = 'fail';
  for (const reason of ['error', 'error', 'down', 'down']) {
    const { messages, degraded } = await memory.recall(ask);
    expect(texts(messages)).toEqual(['one']);
    expect(degraded).toContainEqual({
      part: 'memory.window',
      reason,
      code: 'MEMORY_ERROR',
      message: 'memory.window failed: The store fails, as the script says',
    });
  }
  expect(events.map(({ type }) => type)).toContain('down');
  script['*'] = 'ok';
  await vi.advanceTimersByTimeAsync(100);
  expect(events.map(({ type }) => type)).toContain('up');
  expect((await memory.recall(ask)).degraded).toBeUndefined();
  await memory.close();
});

test('a store that hangs delays answers by no more than the deadline, then by nothing', async () => {
  const { memory } = setUp({ '*': 'hang' });
  expect((await took(memory.record(turn('one')))).ms).toBe(150);
  const delays: number[] = [];
  for (let i = 0; i < 4; i++) {
    const { value, ms } = await took(memory.recall({ ...ask, userId: 'anna' }));
    delays.push(ms);
    expect(texts(value.messages)).toEqual(['one']);
  }
  expect(delays).toEqual([142, 0, 0, 0]);
  expect((await took(memory.record(turn('two')))).ms).toBe(0);
  await took(memory.close({ timeoutMs: 10 }));
});

test.each(['window', 'facts.list', 'search'])(
  'where %s alone hangs, two answers are held up, then none until it works again',
  async (method) => {
    const { memory, script } = setUp({ [method]: 'hang' });
    const delays: number[] = [];
    const recall = async () =>
      delays.push((await took(memory.recall({ ...ask, userId: 'anna' }))).ms);
    for (let i = 0; i < 5; i++) await recall();
    expect(delays).toEqual([142, 142, 0, 0, 0]);
    script[method] = 'ok';
    await vi.advanceTimersByTimeAsync(11_000);
    expect((await memory.recall({ ...ask, userId: 'anna' })).degraded).toBeUndefined();
    await memory.close();
  },
);

test('facts that hang do not take the rest with them, however many ask at once', async () => {
  const { memory, events } = setUp({ 'facts.list': 'hang' });
  const request = { ...ask, userId: 'anna' };
  await took(Promise.all([1, 2, 3].map(() => memory.recall(request))));
  expect(events.map((event) => 'what' in event && event.what)).toEqual(['facts']);
  const { degraded } = await memory.recall(request);
  expect(degraded?.map(({ part }) => part)).toEqual(['memory.facts']);
  await memory.close();
});

test('a store that is down from the start holds up nothing', async () => {
  const { memory } = setUp({ '*': 'fail' });
  expect(await memory.record(turn('one'))).toBe('queued');
  expect(await memory.record(turn('two'))).toBe('queued');
  expect(texts((await memory.recall(ask)).messages)).toEqual(['one', 'two']);
  expect((await memory.stats()).queued).toBe(2);
  await took(memory.close({ timeoutMs: 10 }));
});

test('replays queued turns in order, once each, when the store is back', async () => {
  const { memory, inner, script, events } = setUp();
  await memory.record(turn('one'), { opId: 'a' });
  script['append'] = 'fail';
  expect(await memory.record(turn('two'), { opId: 'b' })).toBe('queued');
  expect(await memory.record(turn('three'), { opId: 'c' })).toBe('queued');
  expect(texts((await memory.recall(ask)).messages)).toEqual(['one', 'two', 'three']);
  script['append'] = ['lose', 'ok', 'fail'];
  await vi.advanceTimersByTimeAsync(10_000);
  const { turns } = (await inner.sessions.export('s'))!;
  expect(turns.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(events).toEqual([
    { type: 'behind', message: 'The store fails, as the script says' },
    { type: 'caughtUp', replayed: 2 },
  ]);
  expect(await memory.record(turn('four'))).toBe('stored');
  await memory.close();
});

test('doesn’t double a write that landed though it timed out', async () => {
  const { memory, inner } = setUp({ append: ['loseAndHang'] });
  expect((await took(memory.record(turn('one')))).value).toBe('queued');
  await vi.advanceTimersByTimeAsync(11_000);
  expect((await memory.stats()).queued).toBe(0);
  expect((await inner.stats()).turns).toBe(1);
  await memory.close();
});

test('drops the oldest turns when the outbox is full, and tells each', async () => {
  const { memory, events, script, inner } = setUp({ append: 'fail' }, { outbox: { maxTurns: 2 } });
  for (const opId of ['a', 'b', 'c', 'd']) await memory.record(turn(opId), { opId });
  expect(events.filter(({ type }) => type === 'dropped')).toEqual([
    { type: 'dropped', sessionId: 's', opId: 'a', reason: 'overflow' },
    { type: 'dropped', sessionId: 's', opId: 'b', reason: 'overflow' },
  ]);
  expect(await memory.stats()).toMatchObject({ queued: 2, dropped: 2 });
  script['append'] = 'ok';
  expect(await memory.flush()).toEqual({ queued: 0 });
  expect((await inner.sessions.export('s'))!.turns.map(({ id }) => id)).toEqual(['c', 'd']);
  await memory.close();
});

test('bounds the outbox by bytes too', async () => {
  const { memory } = setUp({ append: 'fail' }, { outbox: { maxBytes: 1_000 } });
  for (let i = 0; i < 10; i++) await memory.record(turn('x'.repeat(300)));
  const { queued, queuedBytes, dropped } = await memory.stats();
  expect(queued + dropped).toBe(10);
  expect(queuedBytes).toBeLessThanOrEqual(1_000);
  expect(queued).toBeGreaterThan(0);
  await took(memory.close({ timeoutMs: 10 }));
});

test('flushes what waits, and says what it couldn’t', async () => {
  const { memory, script } = setUp({ append: 'fail' });
  await memory.record(turn('one'));
  expect((await took(memory.flush({ timeoutMs: 1_000 }))).value).toEqual({ queued: 1 });
  script['append'] = 'ok';
  expect(await memory.flush()).toEqual({ queued: 0 });
  await memory.close();
});

test('closing flushes first and tells what is lost', async () => {
  const down = setUp({ append: 'fail' });
  await down.memory.record(turn('one'), { opId: 'a' });
  const { value, ms } = await took(down.memory.close({ timeoutMs: 500 }));
  expect([value, ms]).toEqual([{ lost: 1 }, 500]);
  expect(down.events.at(-1)).toMatchObject({ type: 'dropped', opId: 'a', reason: 'closed' });
  expect(await down.memory.record(turn('two'))).toBe('dropped');
  const up = setUp();
  void up.memory.record(turn('one'));
  expect(await up.memory.close()).toEqual({ lost: 0 });
});

test('a closed memory says so, whatever its store does', async () => {
  const { memory } = setUp();
  await memory.record(turn('one'));
  expect(await Promise.all([memory.close(), memory.close()])).toEqual([{ lost: 0 }, { lost: 0 }]);
  const closed = { name: 'MemoryError', code: 'MEMORY_CLOSED', recoverable: false };
  expect(await memory.record(turn('two'))).toBe('dropped');
  const { degraded } = await memory.recall({ ...ask, userId: 'anna' });
  expect(degraded).toHaveLength(3);
  for (const cause of degraded!) {
    expect(cause).toMatchObject({ reason: 'down', code: 'MEMORY_CLOSED' });
  }
  await expect(memory.remember({ userId: 'anna', text: 'x' })).rejects.toMatchObject(closed);
  await expect(memory.sessions.list()).rejects.toMatchObject(closed);
  await expect(memory.deleteUser('anna')).rejects.toMatchObject(closed);
  expect(await memory.ping()).toMatchObject({ ok: false, code: 'MEMORY_CLOSED' });
  expect(await memory.flush()).toEqual({ queued: 0 });
  expect((await memory.stats()).store).toBeUndefined();
});

test('what waits can be aborted: it rejects at once with the reason', async () => {
  const { memory } = setUp({ '*': 'hang' });
  const { sessions } = memory;
  const dump = { session: { id: 's' }, turns: [{ id: 'a', messages: [user('x')] }] } as never;
  const calls: ((signal: AbortSignal) => Promise<unknown>)[] = [
    (signal) => memory.remember({ userId: 'anna', text: 'x' }, { signal }),
    (signal) => memory.forget('x', { signal }),
    (signal) => memory.facts({ userId: 'anna' }, { signal }),
    (signal) => memory.deleteUser('anna', { signal }),
    (signal) => memory.exportUser('anna', { signal }),
    (signal) => memory.prune({}, { signal }),
    (signal) => memory.stats({ signal }),
    (signal) => memory.ping({ signal }),
    (signal) => sessions.list({}, { signal }),
    (signal) => sessions.rename('s', 'x', { signal }),
    (signal) => sessions.archive('s', true, { signal }),
    (signal) => sessions.delete('s', { signal }),
    (signal) => sessions.search('x', { signal }),
    (signal) => sessions.export('s', { signal }),
    (signal) => sessions.import(dump, { signal }),
  ];
  for (const call of calls) {
    const control = new AbortController();
    const waiting = call(control.signal);
    control.abort('enough');
    await expect(waiting).rejects.toBe('enough');
    await expect(call(AbortSignal.abort('before'))).rejects.toBe('before');
    await expect(call('no signal' as never)).rejects.toThrow('Expected `signal`');
    expect([vi.getTimerCount(), getEventListeners(control.signal, 'abort')]).toEqual([0, []]);
  }
  await took(memory.close({ timeoutMs: 10 }));
});

test.each(['', 'a\0', 'a\ud800'])('takes %j for no name', async (name) => {
  const { memory } = setUp();
  expect(await memory.record(turn('x', name))).toBe('dropped');
  expect(await memory.record({ ...turn('x'), userId: name })).toBe('dropped');
  expect(await memory.record(turn('x'), { opId: name })).toBe('dropped');
  const { degraded } = await memory.recall({ sessionId: name, query: 'x' });
  expect(degraded).toEqual([expect.objectContaining({ reason: 'invalid' })]);
  await expect(memory.deleteUser(name)).rejects.toThrow('Expected `userId`');
  await expect(memory.remember({ userId: name, text: 'x' })).rejects.toThrow('Expected `userId`');
  await memory.close();
});

test('takes any text for a fact but an empty one', async () => {
  const { memory } = setUp();
  await memory.remember({ userId: 'anna', text: ' a\0\ud800 ' });
  expect((await memory.facts({ userId: 'anna' }))[0]?.text).toBe('a\0\ud800');
  await expect(memory.remember({ userId: 'anna', text: '  ' })).rejects.toThrow('Expected `text`');
  await memory.close();
});

test('looks after the retention a minute after the start, and every hour', async () => {
  const { memory, inner, script } = setUp({}, { retention: { maxTurns: 1 } });
  const count = async () => (await inner.stats()).turns;
  for (const opId of ['a', 'b', 'c']) await memory.record(turn(opId), { opId });
  await vi.advanceTimersByTimeAsync(59_999);
  expect(await count()).toBe(3);
  script['prune'] = ['ok', 'fail'];
  await vi.advanceTimersByTimeAsync(1);
  expect(await count()).toBe(1);
  await memory.record(turn('d'));
  await vi.advanceTimersByTimeAsync(3_600_000); // fails
  expect(await count()).toBe(2);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(await count()).toBe(1);
  await memory.close();
});

test('forgets a deleted session everywhere: store, tail and outbox', async () => {
  const { memory, inner, script } = setUp();
  await memory.record(turn('secret'));
  script['append'] = 'fail';
  await memory.record(turn('secret too'));
  await memory.record(turn('keep', 'other'));
  expect(await memory.sessions.delete('s')).toBe(true);
  script['append'] = 'ok';
  await memory.flush();
  expect(await inner.sessions.export('s')).toBeUndefined();
  expect(await inner.sessions.export('other')).toBeDefined();
  script['window'] = 'fail';
  expect((await memory.recall(ask)).messages).toEqual([]);
  await memory.close();
});

test('a delete waits for the write under way', async () => {
  const { memory, inner } = setUp({ append: [{ delayMs: 100 }] });
  const recorded = memory.record(turn('secret'));
  const deleted = memory.sessions.delete('s');
  expect((await took(deleted)).value).toBe(true);
  expect(await recorded).toBe('stored');
  expect(await inner.sessions.export('s')).toBeUndefined();
  await memory.close();
});

test('deletes and exports all of a user, wherever it is', async () => {
  const { memory, inner, script } = setUp();
  await memory.record({ ...turn('mine'), userId: 'anna' });
  await memory.record({ ...turn('his', 'x'), userId: 'ben' });
  await memory.remember({ userId: 'anna', text: 'Anna has a dog.' });
  const dump = await memory.exportUser('anna');
  expect(dump.sessions.map(({ session }) => session.id)).toEqual(['s']);
  expect(dump.facts.map(({ text }) => text)).toEqual(['Anna has a dog.']);
  script['append'] = 'fail';
  await memory.record({ ...turn('mine too', 'new'), userId: 'anna' });
  await memory.record(turn('nameless, in her session'));
  expect(await memory.deleteUser('anna')).toEqual({ sessions: 1, turns: 1, facts: 1 });
  script['append'] = 'ok';
  await memory.flush();
  expect((await inner.sessions.list()).map(({ id }) => id)).toEqual(['x']);
  expect(await memory.exportUser('anna')).toEqual({ userId: 'anna', facts: [], sessions: [] });
  await memory.close();
});

test('remembers the same words for the same user once, and forgets by id', async () => {
  const { memory } = setUp();
  const { id } = await memory.remember({ userId: 'anna', text: 'Anna has a dog.' });
  await memory.remember({ userId: 'anna', text: ' Anna has a dog. ' });
  await memory.remember({ userId: 'ben', text: 'Anna has a dog.' });
  expect(await memory.facts({ userId: 'anna' })).toHaveLength(1);
  expect(await memory.forget(id)).toBe(true);
  expect(await memory.forget(id)).toBe(false);
  expect(await memory.facts({ userId: 'ben' })).toHaveLength(1);
  await memory.close();
});

test('what isn’t on the way of a chat rejects with a MemoryError while the store is down', async () => {
  const { memory } = setUp({ '*': 'fail' });
  const error = { name: 'MemoryError', code: 'MEMORY_ERROR', recoverable: true };
  await expect(memory.remember({ userId: 'anna', text: 'x' })).rejects.toMatchObject(error);
  await expect(memory.sessions.list()).rejects.toMatchObject(error);
  await expect(memory.deleteUser('anna')).rejects.toMatchObject(error);
  expect(await memory.ping()).toMatchObject({ ok: false, code: 'MEMORY_ERROR' });
  expect(await memory.stats()).toEqual({ up: true, queued: 0, queuedBytes: 0, dropped: 0 });
  await memory.close();
});

test('what hangs is given up on after the time limit', async () => {
  const { memory } = setUp({ 'sessions.list': 'hang', ping: 'hang' }, { timeoutMs: 1_000 });
  const list = memory.sessions.list().catch((error: unknown) => error);
  const { value, ms } = await took(list);
  expect([(value as Error).message, ms]).toEqual(['sessions.list took longer than 1000 ms', 1_000]);
  expect((await took(memory.ping())).value).toMatchObject({ ok: false });
  await memory.close();
});

test.each([Number.NaN, -1, 0, 0.5])('refuses %d for the most facts', async (limit) => {
  const { memory } = setUp();
  await expect(memory.facts({ userId: 'anna', limit })).rejects.toThrow('Expected `limit`');
  await memory.close();
});

test('a listener that throws changes nothing', async () => {
  const { memory } = setUp(
    { append: ['fail'] },
    {
      onEvent: () => {
        throw new Error('mine');
      },
    },
  );
  expect(await memory.record(turn('one'))).toBe('queued');
  expect(await memory.flush()).toEqual({ queued: 0 });
  await memory.close();
});

test('refuses options that make no sense', () => {
  const store = inMemoryStore();
  expect(() => new Memory({} as never)).toThrow(TypeError);
  expect(() => new Memory({ store, recall: { deadlineMs: 0 } })).toThrow(
    new RangeError('Expected `recall.deadlineMs` to be a number above 0, got 0'),
  );
  expect(() => new Memory({ store, outbox: { maxTurns: 1.5 } })).toThrow(RangeError);
  expect(() => new Memory({ store, onEvent: 'x' as never })).toThrow(TypeError);
  expect(() => new Memory({ store, retention: { maxAgeMs: -1 } })).toThrow(RangeError);
  expect(() => new Memory({ store, recall: undefined, mask: undefined })).not.toThrow();
});
