import type { Scenario, Work } from '../harness/scenario.ts';

type Load = (key: string) => unknown;

const load = async (key: string) => ({ key });
const ttlMs = 300_000;

function hits(cached: Load, count: number): Work {
  const keys = Array.from({ length: count }, (_, index) => `user:${index}`);
  return {
    ops: 2000,
    async run() {
      let found: unknown;
      for (let index = 0; index < 2000; index++) found = await cached(keys[index % count]!);
      return found;
    },
  };
}

const makers: Record<string, () => Promise<Load>> = {
  async ours() {
    const { cachedAsync } = await import('@kortana/perf');
    return cachedAsync({ maxSize: 1000, ttlMs })(load);
  },
  async 'lru-cache fetch'() {
    const { LRUCache } = await import('lru-cache');
    const cache = new LRUCache<string, { key: string }>({
      max: 1000,
      ttl: ttlMs,
      fetchMethod: load,
    });
    return (key) => cache.fetch(key);
  },
  async 'async-cache-dedupe'() {
    const { createCache } = await import('async-cache-dedupe');
    const cache = createCache({ ttl: 300, storage: { type: 'memory', options: { size: 1000 } } });
    return cache.define('load', load).load;
  },
  async 'p-memoize'() {
    const { default: pMemoize } = await import('p-memoize');
    const { LRUCache } = await import('lru-cache');
    return pMemoize(load, {
      cache: new LRUCache<string, { key: string }>({ max: 1000, ttl: ttlMs }),
    });
  },
  async cacheable() {
    const { Cacheable } = await import('cacheable');
    return new Cacheable({ ttl: ttlMs }).wrap(load, { ttl: ttlMs, keyPrefix: 'load' }) as Load;
  },
  async bentocache() {
    const { BentoCache, bentostore } = await import('bentocache');
    const { memoryDriver } = await import('bentocache/drivers/memory');
    const cache = new BentoCache({
      default: 'memory',
      stores: { memory: bentostore().useL1Layer(memoryDriver({ maxItems: 1000 })) },
    });
    return (key) => cache.getOrSet({ key, factory: () => load(key), ttl: ttlMs });
  },
};

/** The least: a Map of promises that forgets nothing. */
const leastWork = (count: number) => () => {
  const promises = new Map<string, unknown>();
  return hits((key) => {
    if (!promises.has(key)) promises.set(key, load(key));
    return promises.get(key);
  }, count);
};

function scenario(name: string, reach: number, count: number): Scenario {
  const { ours, ...peers } = Object.fromEntries(
    Object.entries(makers).map(([maker, make]) => [maker, async () => hits(await make(), count)]),
  );
  const floor = { what: 'a Map of promises', work: leastWork(count) };
  return { name, reach, ours: ours!, peers, floor };
}

export const scenarios: Scenario[] = [
  scenario('cachedAsync hit, 1 key', 0.6, 1),
  scenario('cachedAsync hit, 1000 keys', 0.8, 1000),
];
