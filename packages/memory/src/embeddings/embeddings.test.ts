import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { startEmbeddings } from '../../test/ngram-embeddings.ts';
import { inMemoryStore } from '../in-memory/in-memory-store.ts';
import { Memory } from '../memory.ts';
import type { MemoryEvent } from '../memory-event.ts';
import type { MemoryStore } from '../memory-store.ts';
import { embeddingsEndpoint } from './embeddings-endpoint.ts';

const server = await startEmbeddings();
afterAll(() => server.end());

const endpoint = (options = {}) =>
  embeddingsEndpoint({ baseURL: `${server.baseURL}/`, model: 'ngrams', ...options });

const turn = (text: string, sessionId = 's') => ({
  sessionId,
  userId: 'anna',
  messages: [{ role: 'user' as const, content: text }],
});

function setUp(store: MemoryStore = inMemoryStore()) {
  const events: MemoryEvent[] = [];
  const onEvent = (event: MemoryEvent) => void events.push(event);
  const patient = { deadlineMs: 30_000 };
  const memory = new Memory({ store, embeddings: endpoint(), recall: patient, onEvent });
  onTestFinished(async () => void (await memory.close()));
  const indexed = () =>
    vi.waitUntil(async () => (await store.vectors!.missing('ngrams', 1)).length === 0, 20_000);
  return { memory, store, events, indexed };
}

test('gives vectors in the order of the texts, whatever the order of the answer', async () => {
  const embedder = endpoint();
  const [a, b] = await embedder.embed(['alpha', 'beta']);
  expect(await embedder.embed(['beta', 'alpha'])).toEqual([b, a]);
});

test('finds by meaning what shares no word with the question', async () => {
  const { memory, indexed } = setUp();
  await memory.record(turn('I am allergic to peanuts'));
  await memory.record(turn('It rains in Hamburg'));
  await indexed();
  const request = {
    sessionId: 'new',
    userId: 'anna',
    query: 'Any allergies to a peanut-like thing?',
  };
  const { items, degraded } = await memory.recall(request);
  expect(degraded).toBeUndefined();
  expect(items[0]).toMatchObject({
    text: 'user: I am allergic to peanuts',
    why: 'words and meaning',
  });
  const alike = await memory.recall({ ...request, query: 'allergisch?' });
  expect(alike.items[0]).toMatchObject({ text: 'user: I am allergic to peanuts', why: 'meaning' });
});

test('gives vectors to turns of before, and to those without words', async () => {
  const store = inMemoryStore();
  const image = { type: 'image' as const, url: 'data:,x' };
  for (let i = 0; i < 70; i++) await store.append(turn(`number ${i}`), { opId: `${i}` });
  await store.append(
    { sessionId: 's', messages: [{ role: 'user', content: [image] }] },
    { opId: 'image' },
  );
  const { memory, indexed } = setUp(store);
  await memory.record(turn('one more'));
  await indexed();
  expect(await store.vectors!.missing('ngrams', 100)).toEqual([]);
});

test('goes on by words while the endpoint is down or hangs, and says so', async () => {
  const { memory } = setUp();
  await memory.record(turn('The parrot is called Zorblax'));
  const request = { sessionId: 'new', userId: 'anna', query: 'Zorblax?' };
  server.status = 503;
  const { items, degraded } = await memory.recall(request);
  expect(items).toHaveLength(1);
  expect(degraded).toEqual([
    {
      part: 'memory.vectors',
      reason: 'error',
      code: 'SERVICE_EMBEDDINGS_503',
      message: 'The embeddings endpoint answered 503',
    },
  ]);
  server.status = 200;
  server.hang = true;
  const hasty = new Memory({
    store: inMemoryStore(),
    embeddings: endpoint(),
    recall: { deadlineMs: 30_000, vectorsDeadlineMs: 10 },
  });
  expect((await hasty.recall(request)).degraded).toEqual([
    expect.objectContaining({ part: 'memory.vectors', reason: 'timeout' }),
  ]);
  await hasty.close();
  server.hang = false;
});

test('tries again what it couldn’t give a vector', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const store = inMemoryStore();
  let fails = 2;
  const embed = async (texts: readonly string[]) => {
    if (fails-- > 0) throw new Error('not now');
    return texts.map(() => [1]);
  };
  const memory = new Memory({ store, embeddings: { model: 'm', embed } });
  await memory.record(turn('hello'));
  await vi.advanceTimersByTimeAsync(2_999);
  expect(await store.vectors!.missing('m', 1)).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(await store.vectors!.missing('m', 1)).toEqual([]);
  await memory.close();
});

test('says once that a store can’t keep vectors', async () => {
  const { vectors, ...rest } = inMemoryStore();
  const without = { ...rest, vectors: { ...vectors!, available: async () => false } };
  const { memory, events } = setUp(without);
  await memory.record(turn('one'));
  await memory.record(turn('two'));
  expect(events).toEqual([
    {
      type: 'notice',
      message: 'This store can’t keep vectors: turns are found by their words alone',
    },
  ]);
});

test('an answer that is no list of vectors is an error', async () => {
  for (const answer of [{}, { data: [] }, { data: [{ embedding: ['x'] }] }, null]) {
    const fetch = async () => Response.json(answer);
    await expect(endpoint({ fetch }).embed(['a'])).rejects.toMatchObject({ name: 'ServiceError' });
  }
});

test('refuses options that make no sense', () => {
  expect(() => embeddingsEndpoint({ baseURL: 'nowhere', model: 'm' })).toThrow(
    'Expected `baseURL`',
  );
  expect(() => endpoint({ model: 5 })).toThrow(TypeError);
  expect(() => endpoint({ dimensions: 0 })).toThrow(RangeError);
});
