import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { startEmbeddings } from '../../test/ngram-embeddings.ts';
import { startPgvector } from '../../test/pgvector-server.ts';
import { embeddingsEndpoint } from '../embeddings/embeddings-endpoint.ts';
import { Memory } from '../memory.ts';
import { vectorCases } from '../testing/contract/vectors.ts';
import { postgresStore } from './postgres-store.ts';

const { connectionString, end } = await startPgvector();
afterAll(end);

let schemas = 0;

function open() {
  const schema = `kortana_${schemas++}`;
  const store = postgresStore({ connectionString, schema, maxConnections: 1 });
  onTestFinished(() => store.close());
  return store;
}

test('vectors are kept where pgvector is there', async () => {
  await expect(open().vectors!.available()).resolves.toBe(true);
});

test.each(Object.entries(vectorCases))('%s', async (_, check) => {
  await expect(check(open())).resolves.toBeUndefined();
});

test('vectors of several lengths stand side by side', async () => {
  const store = open();
  for (const id of ['a', 'b']) {
    await store.append({ sessionId: 's', messages: [{ role: 'user', content: id }] }, { opId: id });
  }
  await store.vectors!.put('m', [
    { sessionId: 's', id: 'a', vector: [1, 0, 0] },
    { sessionId: 's', id: 'b', vector: [1, 0] },
  ]);
  const hits = await store.vectors!.search({}, { model: 'm', vector: [2, 0], k: 5 });
  expect(hits.map(({ turn, score }) => [turn.id, score])).toEqual([['b', 1]]);
});

test('a memory finds by meaning what shares no word with the question', async () => {
  const server = await startEmbeddings();
  onTestFinished(() => server.end());
  const store = open();
  const memory = new Memory({
    store,
    embeddings: embeddingsEndpoint({ baseURL: server.baseURL, model: 'ngrams' }),
    recall: { deadlineMs: 30_000 },
    record: { deadlineMs: 30_000 },
  });
  onTestFinished(async () => void (await memory.close()));
  for (const content of ['I am allergic to peanuts', 'It rains in Hamburg']) {
    await memory.record({ sessionId: 's', userId: 'anna', messages: [{ role: 'user', content }] });
  }
  await vi.waitUntil(async () => (await store.vectors!.missing('ngrams', 1)).length === 0, 20_000);
  const request = { sessionId: 'new', userId: 'anna', query: 'allergisch?' };
  const { items, degraded } = await memory.recall(request);
  expect(degraded).toBeUndefined();
  expect(items[0]).toMatchObject({ text: 'user: I am allergic to peanuts', why: 'meaning' });
});
