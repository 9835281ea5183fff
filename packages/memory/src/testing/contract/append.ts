import assert from 'node:assert/strict';
import { type ContractCase, ids, said, wide } from './contract-case.ts';

export const appendCases: Record<string, ContractCase> = {
  'gives back a turn as it came': async (store) => {
    const messages = [
      { role: 'system' as const, content: 'Be brief.' },
      {
        role: 'user' as const,
        content: [
          { type: 'text' as const, text: 'What is this?  \n\0 天气 👩‍👩‍👧 "quoted" \\' },
          { type: 'image' as const, url: 'data:image/png;base64,AAAA', detail: 'low' as const },
        ],
      },
      {
        role: 'assistant' as const,
        content: '',
        toolCalls: [{ id: 'c1', name: 'look', arguments: '{"at":1}' }],
      },
      { role: 'tool' as const, content: 'a cat', toolCallId: 'c1' },
      { role: 'assistant' as const, content: 'A cat.' },
    ];
    await store.append({ sessionId: 's', userId: 'u', messages, at: 5 }, { opId: 'one' });
    assert.deepEqual(await store.window({ sessionId: 's' }, wide), [
      { id: 'one', sessionId: 's', userId: 'u', messages, at: 5, kind: 'answer' },
    ]);
  },

  'stores the same opId in one session once, also when asked at once': async (store) => {
    const turn = said('s', 'Hello');
    await Promise.all([
      store.append(turn, { opId: 'a' }),
      store.append(turn, { opId: 'a' }),
      store.append(said('other', 'Hello'), { opId: 'a' }),
    ]);
    await store.append(said('s', 'something else'), { opId: 'a' });
    assert.deepEqual(await ids(store, 's'), ['a']);
    assert.deepEqual(await ids(store, 'other'), ['a']);
    assert.equal((await store.sessions.export('s'))?.session.turns, 1);
  },

  'keeps the order of appends, whatever time they tell': async (store) => {
    await store.append(said('s', 'first', { at: 3_000 }), { opId: 'a' });
    await store.append(said('s', 'second', { at: 1_000 }), { opId: 'b' });
    await store.append(said('s', 'third', { at: 2_000 }), { opId: 'c' });
    assert.deepEqual(await ids(store, 's'), ['a', 'b', 'c']);
  },

  'is not changed by what happens to the objects afterwards': async (store) => {
    const turn = said('s', 'Hello');
    await store.append(turn, { opId: 'a' });
    turn.messages.length = 0;
    (await store.window({ sessionId: 's' }, wide))[0]!.messages.length = 0;
    assert.equal((await store.window({ sessionId: 's' }, wide))[0]?.messages.length, 2);
  },

  'gives a session to its first named user, and refuses others for good': async (store) => {
    await store.append(said('s', 'nobody yet'), { opId: 'a' });
    await store.append(said('s', 'mine', { userId: 'anna' }), { opId: 'b' });
    await assert.rejects(store.append(said('s', 'mine!', { userId: 'ben' }), { opId: 'c' }), {
      code: 'MEMORY_REFUSED',
      recoverable: false,
    });
    await store.append(said('s', 'still nobody'), { opId: 'd' });
    assert.deepEqual(await ids(store, 's'), ['a', 'b', 'd']);
    assert.equal((await store.sessions.export('s'))?.session.userId, 'anna');
  },
};
