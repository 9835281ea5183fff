import { maskText } from '@kortana/errors';
import { expect, onTestFinished, test } from 'vitest';
import { inMemoryStore } from './in-memory/in-memory-store.ts';
import { Memory } from './memory.ts';
import { prepareTurn } from './prepare-turn.ts';

const key = 'sk-abcdefghijklmnopqrstuvwxyz';

test('masks every text of a message, and nothing that ties it together', () => {
  const image = `data:image/png;base64,${key}`;
  const messages = [
    {
      role: 'user' as const,
      content: [
        { type: 'image' as const, url: 'https://anna:hunter22@example.org/?token=abcdefgh' },
        { type: 'image' as const, url: image },
        { type: 'text' as const, text: `data: ${key}` },
      ],
    },
    {
      role: 'assistant' as const,
      content: '',
      toolCalls: [{ id: key, name: key, arguments: `{"password":"a\\"b","at":[1,"${key}"]}` }],
      extra: { deep: [key] },
    },
    { role: 'tool' as const, content: key, toolCallId: key },
  ];
  const { messages: kept } = prepareTurn({ sessionId: 's', messages }, 'a', maskText)!;
  expect(kept).toEqual([
    {
      role: 'user',
      content: [
        { type: 'image', url: 'https://anna:[masked]@example.org/?token=[masked]' },
        { type: 'image', url: image },
        { type: 'text', text: 'data: [masked]' },
      ],
    },
    {
      role: 'assistant',
      content: '',
      toolCalls: [{ id: key, name: key, arguments: '{"password":"[masked]","at":[1,"[masked]"]}' }],
      extra: { deep: ['[masked]'] },
    },
    { role: 'tool', content: '[masked]', toolCallId: key },
  ]);
});

test('masks the titles of sessions, given and imported', async () => {
  const memory = new Memory({ store: inMemoryStore() });
  onTestFinished(async () => void (await memory.close()));
  await memory.record({ sessionId: 's', messages: [{ role: 'user', content: 'x' }] });
  await memory.sessions.rename('s', `About ${key}`);
  const dump = (await memory.sessions.export('s'))!;
  expect(dump.session.title).toBe('About [masked]');
  dump.session.title = key;
  expect((await memory.sessions.import(dump)).title).toBe('[masked]');
});

test.each([
  ['gives nothing', () => undefined],
  ['gives a promise', async () => 'x'],
  [
    'throws',
    () => {
      throw new Error('mine');
    },
  ],
])('a mask that %s lets nothing through', async (_, mask) => {
  const store = inMemoryStore();
  const memory = new Memory({ store, mask: mask as never });
  onTestFinished(async () => void (await memory.close()));
  const messages = [{ role: 'user' as const, content: 'secret' }];
  expect(await memory.record({ sessionId: 's', messages })).toBe('dropped');
  await expect(memory.remember({ userId: 'anna', text: 'secret' })).rejects.toThrow(Error);
  expect(await store.stats()).toMatchObject({ turns: 0, facts: 0 });
});
