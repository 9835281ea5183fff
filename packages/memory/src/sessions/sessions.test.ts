import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { ChatMessage } from '../chat-message.ts';
import { inMemoryStore } from '../in-memory/in-memory-store.ts';
import { Memory } from '../memory.ts';
import type { SessionDump } from '../memory-store.ts';
import { fromMarkdown, toMarkdown } from './markdown.ts';

function setUp() {
  const memory = new Memory({ store: inMemoryStore() });
  onTestFinished(async () => void (await memory.close()));
  const say = (sessionId: string, content: string, rest = {}) =>
    memory.record({ sessionId, messages: [{ role: 'user', content }], ...rest });
  return { memory, say };
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '<!-- kortana {} -->',
    '\\<!-- kortana x',
    '## user\n\n',
    'a\n\n\n',
    '\r\n--',
    '-->',
    'a\r<!-- kortana {} -->\u2028<!-- kortana {} -->',
    '```\n<!-- kortana {} -->\n```\n',
    '\ud800 \0',
  ),
);
const message: fc.Arbitrary<ChatMessage> = fc.oneof(
  fc.record({ role: fc.constant('user' as const), content: text }),
  fc.record({
    role: fc.constant('user' as const),
    content: fc.array(
      fc.oneof(
        fc.record({ type: fc.constant('text' as const), text }),
        fc.record({ type: fc.constant('image' as const), url: fc.webUrl() }),
      ),
    ),
  }),
  fc.record({
    role: fc.constant('assistant' as const),
    content: text,
    toolCalls: fc.array(fc.record({ id: text, name: text, arguments: text }), { maxLength: 2 }),
  }),
  fc.record({ role: fc.constant('tool' as const), content: text, toolCallId: text }),
);
const dump: fc.Arbitrary<SessionDump> = fc
  .tuple(text, text, fc.array(fc.array(message, { minLength: 1, maxLength: 4 }), { maxLength: 4 }))
  .map(([id, title, turns]) => ({
    session: { id, title, archived: false, createdAt: 1, updatedAt: 2, turns: turns.length },
    turns: turns.map((messages, i) => ({
      id: `${i}`,
      sessionId: id,
      messages,
      at: i,
      kind: 'answer' as const,
    })),
  }));

test('a session survives Markdown, whatever was said in it', () => {
  fc.assert(
    fc.property(dump, (session) => {
      expect(fromMarkdown(toMarkdown(session))).toEqual(JSON.parse(JSON.stringify(session)));
    }),
    { numRuns: 300 },
  );
});

test('Markdown survives an editor that changes line ends or trims the end', () => {
  const messages = [{ role: 'user' as const, content: 'one\n\ntwo' }];
  const session = { id: 's', archived: false, createdAt: 1, updatedAt: 2, turns: 1 };
  const dump = {
    session,
    turns: [{ id: 'a', sessionId: 's', messages, at: 1, kind: 'answer' as const }],
  };
  const text = toMarkdown(dump);
  expect(fromMarkdown(text.trim())).toEqual(dump);
  expect(fromMarkdown(text.replaceAll('\n', '\r\n'))).toEqual(dump);
});

test('Markdown can be read by people', async () => {
  const { memory } = setUp();
  await memory.record(
    {
      sessionId: 's',
      at: 0,
      messages: [
        { role: 'user', content: 'Where is Rome?' },
        { role: 'assistant', content: 'In **Italy**.' },
      ],
    },
    { opId: 'a' },
  );
  await memory.sessions.rename('s', 'Trip to\nRome');
  const markdown = await memory.sessions.export('s', { format: 'markdown' });
  expect(markdown!.replaceAll(/<!--.*-->\n\n?/g, '')).toBe(
    '# Trip to Rome\n## user · 1970-01-01T00:00:00.000Z\nWhere is Rome?\n\n## assistant\nIn **Italy**.\n',
  );
});

test.each(['object', 'json', 'markdown'] as const)('imports what it exported: %s', async (form) => {
  const [from, to] = [setUp(), setUp()];
  await from.say('s', 'Hello', { userId: 'anna' });
  await from.say('s', 'World', { kind: 'partial' });
  await from.memory.sessions.rename('s', 'Greetings');
  await from.memory.sessions.archive('s');
  const exported = (await from.memory.sessions.export('s'))!;
  const markdown = (await from.memory.sessions.export('s', { format: 'markdown' }))!;
  const source = { object: exported, json: JSON.stringify(exported), markdown }[form];
  expect(await to.memory.sessions.import(source)).toEqual(exported.session);
  await to.memory.sessions.import(source);
  expect(await to.memory.sessions.export('s')).toEqual(exported);
  await to.memory.sessions.import(source, { sessionId: 'copy', userId: 'ben' });
  expect(await to.memory.sessions.export('copy')).toMatchObject({ session: { userId: 'ben' } });
});

test('masks secrets of what it imports', async () => {
  const { memory, say } = setUp();
  await say('s', 'x');
  const exported = (await memory.sessions.export('s'))!;
  exported.turns[0]!.messages = [{ role: 'user', content: 'sk-abcdefghijklmnopqrstuvwxyz' }];
  await memory.sessions.import(exported, { sessionId: 'copy' });
  expect(JSON.stringify(await memory.sessions.export('copy'))).not.toContain('sk-abc');
});

test.each([
  '',
  'Hello',
  '{"session":1}',
  '{',
  '[]',
  'null',
  '<!-- kortana x -->',
  '<!-- kortana {} -->',
  '<!-- kortana null -->',
  '<!-- kortana {"session":{"id":"s"}} -->\n<!-- kortana {"message":{"role":"user"}} -->',
  '{"session":{"id":"s","title":5},"turns":[]}',
  '{"session":{"id":"s","archived":"no"},"turns":[]}',
  '{"session":{"id":"s"},"turns":[null]}',
  '{"session":{"id":"s"},"turns":[{"id":"a","messages":[{"role":"nobody","content":""}]}]}',
])('refuses to import %j', async (source) => {
  const { memory } = setUp();
  await expect(memory.sessions.import(source)).rejects.toThrow(/^Expected `[\w.[\]]+` to be/);
  expect(await memory.sessions.list()).toEqual([]);
});

test('finds sessions by what was said, then by their titles', async () => {
  const { memory, say } = setUp();
  await say('rome', 'the Colosseum is old', { userId: 'anna' });
  await say('mine', 'nothing of note', { userId: 'anna' });
  await memory.sessions.rename('mine', 'About the Colosseum');
  await say('best', 'Colosseum Colosseum Colosseum', { userId: 'anna' });
  await memory.sessions.archive('best');
  await say('other', 'Colosseum', { userId: 'ben' });
  const found = await memory.sessions.search('colosseum', { userId: 'anna' });
  expect(found.map(({ session, text }) => [session.id, text])).toEqual([
    ['best', 'user: Colosseum Colosseum Colosseum'],
    ['rome', 'user: the Colosseum is old'],
    ['mine', ''],
  ]);
  expect(await memory.sessions.search('colosseum', { limit: 1 })).toHaveLength(1);
  expect(await memory.sessions.search('?!')).toEqual([]);
});

test('refuses what makes no sense', async () => {
  const { sessions } = setUp().memory;
  await expect(sessions.list({ limit: 0 })).rejects.toThrow('Expected `limit` to be an integer');
  await expect(sessions.list({ archived: 'some' as never })).rejects.toThrow(RangeError);
  await expect(sessions.delete(undefined as never)).rejects.toThrow(TypeError);
  await expect(sessions.search('x', { userId: '' })).rejects.toThrow(RangeError);
  const empty = { session: { id: 's' }, turns: [] } as never;
  await expect(sessions.import(empty, { sessionId: '' })).rejects.toThrow('Expected `sessionId`');
  await expect(sessions.import(empty, { userId: 5 as never })).rejects.toThrow(TypeError);
  await expect(sessions.rename('', 'x')).rejects.toThrow(RangeError);
  await expect(sessions.export('s', { format: 'xml' as never })).rejects.toThrow(RangeError);
});

test('prunes by the policy it was given', async () => {
  const memory = new Memory({ store: inMemoryStore(), retention: { maxTurns: 1 } });
  onTestFinished(async () => void (await memory.close()));
  for (const sessionId of ['a', 'b']) {
    await memory.record({ sessionId, messages: [{ role: 'user', content: 'x' }] });
  }
  expect(await memory.prune()).toBe(1);
  expect((await memory.sessions.list()).map(({ id }) => id)).toEqual(['b']);
  expect(await memory.prune({ maxTurns: 0 })).toBe(1);
  await expect(memory.prune({ maxTurns: -1 })).rejects.toThrow(RangeError);
});
