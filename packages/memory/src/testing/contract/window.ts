import assert from 'node:assert/strict';
import { estimateTokens } from '../../text/estimate-tokens.ts';
import { type ContractCase, ids, said, wide } from './contract-case.ts';

export const windowCases: Record<string, ContractCase> = {
  'gives the newest whole turns within both limits, oldest first': async (store) => {
    for (const id of ['a', 'b', 'c', 'd']) await store.append(said('s', 'Hi'), { opId: id });
    const each = estimateTokens(said('s', 'Hi').messages);
    const window = async (maxTokens: number, maxMessages: number) =>
      (await store.window({ sessionId: 's' }, { maxTokens, maxMessages })).map(({ id }) => id);
    assert.deepEqual(await window(3 * each, 100), ['b', 'c', 'd']);
    assert.deepEqual(await window(3 * each - 1, 100), ['c', 'd']);
    assert.deepEqual(await window(1_000, 4), ['c', 'd']);
    assert.deepEqual(await window(1_000, 3), ['d']);
  },

  'keeps question and end of a newest turn that is too long': async (store) => {
    const messages = [
      { role: 'user' as const, content: 'Q' },
      { role: 'assistant' as const, content: 'long '.repeat(1_000) },
      { role: 'assistant' as const, content: 'short' },
    ];
    await store.append(said('s', 'before'), { opId: 'a' });
    await store.append({ sessionId: 's', messages }, { opId: 'b' });
    const window = await store.window({ sessionId: 's' }, { maxTokens: 100, maxMessages: 10 });
    assert.deepEqual(
      window.map((turn) => turn.messages),
      [[messages[0], messages[2]]],
    );
  },

  'gives nothing of what isn’t there': async (store) => {
    assert.deepEqual(await store.window({ sessionId: 'none' }, wide), []);
  },

  'shows a session to its own user and to who names none': async (store) => {
    await store.append(said('s', 'Hello', { userId: 'anna' }), { opId: 'a' });
    assert.deepEqual(await ids(store, 's', 'anna'), ['a']);
    assert.deepEqual(await ids(store, 's'), ['a']);
    assert.deepEqual(await ids(store, 's', 'ben'), []);
  },
};
