import assert from 'node:assert/strict';
import { searchTerms } from '../../text/search-terms.ts';
import { type ContractCase, find, said } from './contract-case.ts';

export const searchCases: Record<string, ContractCase> = {
  'finds what was said by user and assistant, best first': async (store) => {
    await store.append(said('s', 'My parrot is called Zorblax'), { opId: 'name' });
    await store.append(said('s', 'Parrots eat seeds'), { opId: 'food' });
    await store.append(said('s', 'It rains'), { opId: 'rain' });
    const hits = await store.search({ sessionId: 's' }, { terms: ['zorblax', 'parrot'], k: 5 });
    assert.deepEqual(
      hits.map(({ turn }) => turn.id),
      ['name', 'food'],
    );
    assert.ok(hits[0]!.score > hits[1]!.score);
    assert.deepEqual(await find(store, { sessionId: 's' }, ['noted', 'rain'], 1), ['rain']);
  },

  'takes any text for words': async (store) => {
    await store.append(said('s', 'I write C++ and "NEAR" things'), { opId: 'a' });
    for (const text of [
      'what’s C++?',
      '"near"',
      "NEAR(a, b) OR '*' AND NOT x:y ^ -- ;",
      '\\ \' "',
    ]) {
      const hits = await find(store, {}, searchTerms(text));
      assert.deepEqual(hits, /near|C\+\+/i.test(text) ? ['a'] : [], text);
    }
    assert.deepEqual(await find(store, {}, ['"', "'", '*', 'a"b', 'near"']), []);
    assert.deepEqual(await find(store, {}, []), []);
  },

  'finds words without their accents and in any case': async (store) => {
    await store.append(said('s', 'Wir trafen uns im CAFÉ in Zürich'), { opId: 'a' });
    assert.deepEqual(await find(store, {}, searchTerms('cafe zurich')), ['a']);
    assert.deepEqual(await find(store, {}, searchTerms('Café')), ['a']);
  },

  'finds English words in all their forms, and takes words for terms': async (store) => {
    await store.append(said('s', 'My knee was operated by a translator'), { opId: 'a' });
    assert.deepEqual(await find(store, {}, searchTerms('Operations?')), ['a']);
    assert.deepEqual(await find(store, {}, ['translations']), ['a']);
    assert.deepEqual(await find(store, {}, ['translate', 'translating']), ['a']);
    assert.deepEqual(await find(store, {}, ['opera']), []);
  },

  'finds words in scripts without spaces': async (store) => {
    await store.append(said('s', '今天天气很好，我们去公园散步'), { opId: 'zh' });
    await store.append(said('s', '東京タワーに行きました'), { opId: 'ja' });
    await store.append(said('s', '나는 학교에서 공부한다'), { opId: 'ko' });
    await store.append(said('s', 'ผมชอบกินข้าวผัด'), { opId: 'th' });
    const found = async (text: string) => find(store, {}, searchTerms(text));
    assert.deepEqual(await found('天气'), ['zh']);
    assert.deepEqual(await found('公园'), ['zh']);
    assert.deepEqual(await found('タワー'), ['ja']);
    assert.deepEqual(await found('학교'), ['ko']);
    assert.deepEqual(await found('ข้าวผัด'), ['th']);
    assert.deepEqual(await found('步'), ['zh']);
  },

  'finds a rare word among common ones': async (store) => {
    for (let i = 0; i < 60; i++) {
      await store.append(said('s', `what is the news of the day ${i}`), { opId: `n${i}` });
    }
    await store.append(said('s', 'the name of the cat is Mimi'), { opId: 'cat' });
    const hits = await find(store, {}, searchTerms('what is the name of the cat'), 1);
    assert.deepEqual(hits, ['cat']);
  },

  'stays within its scope': async (store) => {
    await store.append(said('s1', 'secret plan', { userId: 'anna' }), { opId: 'a1' });
    await store.append(said('s2', 'secret plan', { userId: 'anna' }), { opId: 'a2' });
    await store.append(said('s3', 'secret plan', { userId: 'ben' }), { opId: 'b' });
    await store.append(said('s4', 'secret plan'), { opId: 'n' });
    const found = async (scope: { sessionId?: string; userId?: string }) =>
      (await find(store, scope, ['secret'])).sort();
    assert.deepEqual(await found({ userId: 'anna' }), ['a1', 'a2']);
    assert.deepEqual(await found({ sessionId: 's1' }), ['a1']);
    assert.deepEqual(await found({ userId: 'ben', sessionId: 's4' }), ['b', 'n']);
    assert.deepEqual(await found({ userId: 'ben', sessionId: 's1' }), ['b']);
    assert.deepEqual(await found({}), ['a1', 'a2', 'b', 'n']);
  },

  'never finds a stopped answer': async (store) => {
    await store.append(said('s', 'zorblax', { kind: 'partial' }), { opId: 'a' });
    assert.deepEqual(await find(store, {}, ['zorblax']), []);
  },

  'gives no more than asked for': async (store) => {
    for (let i = 0; i < 5; i++) await store.append(said('s', 'tea'), { opId: `${i}` });
    assert.equal((await find(store, {}, ['tea'], 3)).length, 3);
  },
};
