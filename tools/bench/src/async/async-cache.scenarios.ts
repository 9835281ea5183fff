import type { Scenario, Work } from '../harness/scenario.ts';

type Load = (key: string) => Promise<unknown>;

const load = async (key: string) => ({ key });
const ttlMs = 300_000;
const max = 1000;

function hits(getOrSet: Load, count: number): Work {
  const keys = Array.from({ length: count }, (_, index) => `user:${index}`);
  return {
    ops: 2000,
    async run() {
      let found: unknown;
      for (let index = 0; index < 2000; index++) found = await getOrSet(keys[index % count]!);
      return found;
    },
  };
}

const makers: Record<string, () => Promise<Load>> = {
  async ours() {
    const { AsyncCache } = await import('@kortana/async');
    const cache = new AsyncCache<string, { key: string }>({ maxSize: max, defaultTtlMs: ttlMs });
    return (key) => cache.getOrSet(key, () => load(key));
  },
  async 'lru-cache fetch'() {
    const { LRUCache } = await import('lru-cache');
    const cache = new LRUCache<string, { key: string }>({ max, ttl: ttlMs, fetchMethod: load });
    return (key) => cache.fetch(key);
  },
  async cacheable() {
    const { Cacheable } = await import('cacheable');
    const cache = new Cacheable({ ttl: ttlMs });
    return (key) => cache.getOrSet(key, () => load(key), { ttl: ttlMs });
  },
  async bentocache() {
    const { BentoCache, bentostore } = await import('bentocache');
    const { memoryDriver } = await import('bentocache/drivers/memory');
    const cache = new BentoCache({
      default: 'memory',
      stores: { memory: bentostore().useL1Layer(memoryDriver({ maxItems: max })) },
    });
    return (key) => cache.getOrSet({ key, factory: () => load(key), ttl: ttlMs });
  },
};

/** The least: a Map of promises that forgets nothing. */
const leastWork = (count: number) => () => {
  const promises = new Map<string, Promise<unknown>>();
  return hits((key) => {
    if (!promises.has(key)) promises.set(key, load(key));
    return promises.get(key)!;
  }, count);
};

function scenario(name: string, count: number): Scenario {
  const { ours, ...peers } = Object.fromEntries(
    Object.entries(makers).map(([maker, make]) => [maker, async () => hits(await make(), count)]),
  );
  const floor = { what: 'a Map of promises', work: leastWork(count) };
  return { name, reach: 0.8, ours: ours!, peers, floor };
}

export const scenarios: Scenario[] = [
  scenario('AsyncCache getOrSet: hit in memory, 1 key', 1),
  scenario('AsyncCache getOrSet: hit in memory, 1000 keys', 1000),
];
