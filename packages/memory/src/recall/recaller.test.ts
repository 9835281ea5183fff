import { getEventListeners } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import { inMemoryStore } from '../in-memory/in-memory-store.ts';
import { Memory } from '../memory.ts';
import type { MemoryOptions } from '../memory-options.ts';
import type { MemoryStore } from '../memory-store.ts';
import { faulty, type FaultScript } from '../testing/faulty.ts';
import { estimateTokens } from '../text/estimate-tokens.ts';
import { recalledContext } from '../text/recalled-context.ts';

const user = (content: string) => ({ role: 'user' as const, content });
const turn = (text: string, rest: { userId?: string; sessionId?: string } = {}) => ({
  sessionId: 's',
  messages: [user(text), { role: 'assistant' as const, content: 'ok' }],
  ...rest,
});
const ask = { sessionId: 's', userId: 'anna', query: 'zorblax' };
const patient = { recall: { deadlineMs: 30_000 }, record: { deadlineMs: 30_000 } };

function setUp(script: FaultScript = {}, options: Partial<MemoryOptions> = {}) {
  const inner = inMemoryStore();
  const memory = new Memory({ store: faulty(inner, script), ...patient, ...options });
  onTestFinished(async () => void (await memory.close({ timeoutMs: 0 })));
  return { memory, inner, script };
}

const garbage = [
  ['nothing', undefined],
  ['null', null],
  ['a number', 5],
  ['a text', 'x'],
  ['an object', {}],
  ['a list of null', [null]],
  ['a list of empty objects', [{}]],
  ['turns without messages', [{ id: 'a', sessionId: 's', at: 0, kind: 'answer' }]],
  [
    'turns with messages that are none',
    [{ id: 'a', sessionId: 's', messages: [{ role: 'user' }], at: 0, kind: 'answer' }],
  ],
  ['hits and facts without a time', [{ id: 'a', text: 'x', userId: 'anna', score: 1, turn: {} }]],
] as const;

test.each(garbage)('a store that answers with %s costs that part alone', async (_, answer) => {
  const inner = inMemoryStore();
  const parts = { window: 'memory.window', search: 'memory.search', list: 'memory.facts' } as const;
  for (const [method, part] of Object.entries(parts)) {
    const spoilt = { [method]: async () => answer } as object;
    const store = { ...inner, ...spoilt, facts: { ...inner.facts, ...spoilt } } as MemoryStore;
    const memory = new Memory({ store, ...patient });
    await memory.record(turn('zorblax', { userId: 'anna' }), { opId: 'a' });
    const { messages, degraded } = await memory.recall(ask);
    expect(messages).toHaveLength(2);
    expect(degraded).toEqual([
      {
        part,
        reason: 'error',
        code: 'MEMORY_ERROR',
        message: expect.stringContaining('Expected `'),
      },
    ]);
  }
});

test.each([[undefined], [[]], [[[]]], [[['x']]], [[[Number.NaN]]], ['x']])(
  'embeddings that answer with %j cost the vectors alone',
  async (answer) => {
    const embeddings = { model: 'm', embed: async () => answer as number[][] };
    const { memory } = setUp({}, { embeddings });
    await memory.record(turn('zorblax', { userId: 'anna', sessionId: 'other' }));
    const { items, degraded } = await memory.recall(ask);
    expect(items).toHaveLength(1);
    expect(degraded).toEqual([
      {
        part: 'memory.vectors',
        reason: 'error',
        code: 'MEMORY_ERROR',
        message: expect.stringContaining('Expected `embed`'),
      },
    ]);
  },
);

test.each([
  ['null', null],
  ['nothing', undefined],
  ['an error', new Error('broken')],
])('a store that throws %s at once, whatever is asked, rejects nothing', async (_, thrown) => {
  const get = () => () => {
    throw thrown;
  };
  const memory = new Memory({ store: new Proxy({}, { get }) as MemoryStore });
  expect(await memory.record(turn('one'))).toBe('queued');
  const { messages, degraded } = await memory.recall(ask);
  expect(messages).toHaveLength(2);
  expect(degraded?.map(({ reason }) => reason)).toEqual(['error', 'error', 'error']);
  expect((await memory.ping()).ok).toBe(false);
  expect(await memory.stats()).toMatchObject({ queued: 1 });
  expect(await memory.close({ timeoutMs: 0 })).toEqual({ lost: 1 });
});

test.each([
  ['no object', 5],
  ['a query that is no text', { sessionId: 's', query: 5 }],
  ['a user without a name', { sessionId: 's', query: 'x', userId: '' }],
  ['a field that throws', Object.defineProperty({}, 'sessionId', { get: () => JSON.parse('{') })],
  [
    'a field that throws null',
    Object.defineProperty({}, 'query', {
      get() {
        throw null; // oxlint-disable-line no-throw-literal -- a user's code may
      },
    }),
  ],
])('says of a request with %s that it makes no sense', async (_, request) => {
  const { memory } = setUp();
  expect(await memory.recall(request as never)).toEqual({
    messages: [],
    items: [],
    degraded: [{ part: 'memory.window', reason: 'invalid', message: expect.any(String) }],
  });
});

test('who changes what was recalled doesn’t change what is remembered', async () => {
  const { memory, inner, script } = setUp();
  const calling = [{ id: 'c', name: 'f', arguments: '{}' }];
  await memory.record({
    sessionId: 's',
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'stored' }] },
      { role: 'assistant', content: '', toolCalls: calling },
      { role: 'tool', content: 'r', toolCallId: 'c' },
    ],
  });
  script['append'] = 'fail';
  await memory.record(turn('queued'));
  const spoil = (await memory.recall(ask)).messages as unknown as Record<string, unknown>[];
  (spoil[0]!['content'] as { text: string }[])[0]!.text = 'changed';
  (spoil[1]!['toolCalls'] as { name: string }[])[0]!.name = 'changed';
  spoil[3]!['content'] = 'changed';
  script['window'] = 'fail';
  expect(JSON.stringify(await memory.recall(ask))).not.toContain('changed');
  script['append'] = 'ok';
  await memory.flush();
  expect(JSON.stringify(await inner.sessions.export('s'))).not.toContain('changed');
});

test('shows nobody what waits for the store in another user’s session', async () => {
  const { memory, script } = setUp();
  await memory.record(turn('mine', { userId: 'anna' }));
  script['append'] = 'fail';
  await memory.record(turn('nameless'));
  expect((await memory.recall({ ...ask, userId: 'ben' })).messages).toEqual([]);
  expect((await memory.recall(ask)).messages).toHaveLength(4);
});

test('a turn for another user’s session doesn’t take her tail away', async () => {
  const { memory, script } = setUp();
  await memory.record(turn('mine', { userId: 'anna' }));
  script['*'] = 'fail';
  expect(await memory.record(turn('gotcha', { userId: 'ben' }))).toBe('queued');
  expect((await memory.recall(ask)).messages[0]).toEqual(user('mine'));
  expect((await memory.recall({ ...ask, userId: 'ben' })).messages).toEqual([]);
});

test('what another process has deleted isn’t recalled when the store goes down', async () => {
  const { memory, inner, script } = setUp();
  await memory.record(turn('secret'));
  await inner.sessions.delete('s');
  expect((await memory.recall(ask)).messages).toEqual([]);
  script['*'] = 'fail';
  expect((await memory.recall(ask)).messages).toEqual([]);
});

test.each([40, 100, 200, 1_000])(
  'keeps messages and the context within %d tokens',
  async (budgetTokens) => {
    const { memory } = setUp({}, { recall: { ...patient.recall, budgetTokens } });
    for (let i = 0; i < 30; i++) {
      await memory.remember({ userId: 'anna', text: `${i}` });
      await memory.record(turn(`zorblax ${i}\n天气`, { userId: 'anna' }));
    }
    const { messages, items } = await memory.recall(ask);
    const context = items.length > 0 ? [recalledContext(items)] : [];
    expect(estimateTokens([...context, ...messages])).toBeLessThanOrEqual(budgetTokens);
    expect(messages.length).toBeGreaterThan(0);
  },
);

test('of a question that is too long for the budget its beginning is kept, and the answer', async () => {
  const { memory } = setUp();
  await memory.record(turn('before'));
  await memory.record(turn(`Mend this: ${'😀'.repeat(20_000)}`));
  const { messages } = await memory.recall(ask);
  expect(messages).toEqual([
    user(expect.stringMatching(/^Mend this: (?:😀)+…$/u) as string),
    { role: 'assistant', content: 'ok' },
  ]);
  expect(estimateTokens(messages)).toBeLessThanOrEqual(4_000);
});

test('of a very long query only the beginning is looked for', async () => {
  const inner = inMemoryStore();
  const search = vi.spyOn(inner, 'search');
  const memory = new Memory({ store: inner, ...patient });
  const words = Array.from({ length: 100_000 }, (_, i) => `w${i}`).join(' ');
  for (const query of [words, '天气'.repeat(500_000), `zorblax ${'\0\ud800"*'.repeat(100_000)}`]) {
    expect((await memory.recall({ ...ask, query })).degraded).toBeUndefined();
  }
  for (const [, { terms }] of search.mock.calls) expect(terms.length).toBeLessThan(10_000);
  expect(search.mock.calls[2]![1].terms).toEqual(['zorblax']);
  await memory.close();
});

test('an abort gives at once what is at hand, blames nobody, and leaves nothing behind', async () => {
  const { memory, script } = setUp();
  await memory.record(turn('one', { userId: 'anna' }));
  script['*'] = 'hang';
  for (let i = 0; i < 3; i++) {
    const control = new AbortController();
    const recalled = memory.recall(ask, { signal: control.signal });
    control.abort(new Error('enough'));
    const { messages, degraded } = await recalled;
    expect(messages).toHaveLength(2);
    expect(degraded).toContainEqual(
      expect.objectContaining({ part: 'memory.window', reason: 'error' }),
    );
    expect(getEventListeners(control.signal, 'abort')).toEqual([]);
  }
  expect(
    await memory.stats({ signal: AbortSignal.timeout(1) }).catch(() => undefined),
  ).toBeUndefined();
  script['*'] = 'ok';
  expect((await memory.stats()).up).toBe(true);
  expect((await memory.recall(ask)).degraded).toBeUndefined();
});

test('an aborted signal asks for nothing', async () => {
  const inner = inMemoryStore();
  const looks = [
    vi.spyOn(inner, 'window'),
    vi.spyOn(inner, 'search'),
    vi.spyOn(inner.facts, 'list'),
  ];
  const memory = new Memory({ store: inner });
  const { degraded } = await memory.recall(ask, { signal: AbortSignal.abort() });
  expect(degraded).toHaveLength(3);
  for (const look of looks) expect(look).not.toHaveBeenCalled();
  await memory.close();
});
