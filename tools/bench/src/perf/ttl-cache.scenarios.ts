import type { Scenario, Work } from '../harness/scenario.ts';
import { makeKeys, uniform, zipf } from './keys.ts';

interface Cache {
  get(key: string): number | undefined;
  set(key: string, value: number): unknown;
}

const ttlMs = 300_000;

/** Equal semantics: bounded, exactly least recently used, a TTL for the entries. */
const makers: Record<string, (maxSize: number) => Promise<Cache>> = {
  async ours(maxSize) {
    const { TTLCache } = await import('@kortana/perf');
    return new TTLCache<string, number>({ maxSize, defaultTtlMs: ttlMs });
  },
  async 'lru-cache'(max) {
    const { LRUCache } = await import('lru-cache');
    return new LRUCache<string, number>({ max, ttl: ttlMs });
  },
  async 'toad-cache'(max) {
    const { LruMap } = await import('toad-cache');
    return new LruMap<number>(max, ttlMs);
  },
};

/** The least: a Map that drops what came first, with no regard to use or time. */
class FirstInFirstOut {
  readonly #map = new Map<string, number>();
  readonly #order: string[] = [];
  readonly #maxSize: number;
  #at = 0;

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  get(key: string): number | undefined {
    return this.#map.get(key);
  }

  set(key: string, value: number): void {
    if (!this.#map.has(key)) {
      if (this.#map.size === this.#maxSize) this.#map.delete(this.#order[this.#at]!);
      this.#order[this.#at] = key;
      this.#at = (this.#at + 1) % this.#maxSize;
    }
    this.#map.set(key, value);
  }
}

const least = 'a Map, first in first out';

function scenario(
  name: string,
  reach: number,
  size: number,
  work: (cache: Cache, size: number) => Work,
  unit?: string,
): Scenario {
  const { ours, ...peers } = Object.fromEntries(
    Object.entries(makers).map(([maker, make]) => [
      maker,
      async () => work(await make(size), size),
    ]),
  );
  const floor = { what: least, work: () => work(new FirstInFirstOut(size), size) };
  return { name, reach, ours: ours!, peers, floor, ...(unit !== undefined && { unit }) };
}

const draws = 1 << 20;

/** Work that goes on where it stopped, over a long list of keys. */
function over(keys: string[], ops: number, one: (key: string, index: number) => unknown): Work {
  let at = 0;
  return {
    ops,
    run() {
      let found: unknown;
      for (let end = at + ops; at < end; at++) found = one(keys[at % keys.length]!, at);
      return found;
    },
  };
}

function filled(cache: Cache, size: number): string[] {
  const keys = makeKeys(size);
  for (const [index, key] of keys.entries()) cache.set(key, index);
  return keys;
}

const opsFor = (size: number) => (size > 10_000 ? 4096 : 16_384);

function getHit(cache: Cache, size: number): Work {
  const keys = uniform(filled(cache, size), draws);
  return over(keys, opsFor(size), (key) => cache.get(key));
}

function setExisting(cache: Cache, size: number): Work {
  const keys = uniform(filled(cache, size), draws);
  return over(keys, opsFor(size), (key, index) => cache.set(key, index));
}

function setNew(cache: Cache, size: number): Work {
  filled(cache, size);
  const fresh = makeKeys(2 * size, 'new');
  return over(fresh, 4096, (key, index) => cache.set(key, index));
}

/** Nine in ten reads by Zipf's law over keys that stay, one in ten of a key that was evicted. */
function readThrough(cache: Cache, size: number): Work {
  const popular = zipf(makeKeys(size / 2), draws);
  const rare = makeKeys(size, 'rare');
  const keys = popular.map((key, at) => (at % 10 === 9 ? rare[((at / 10) | 0) % size]! : key));
  const read = (key: string, index: number) => {
    const found = cache.get(key);
    if (found !== undefined) return found;
    cache.set(key, index);
    return index;
  };
  for (const [index, key] of keys.entries()) read(key, index);
  return over(keys, opsFor(size), read);
}

/** What a full cache holds beside the keys, which are there anyway; the values are small integers. */
function memory(name: string, size: number): Scenario {
  const used = async () => {
    await new Promise(setImmediate);
    globalThis.gc!();
    globalThis.gc!();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const measured = (make: (maxSize: number) => Cache | Promise<Cache>) => () => ({
    async measure() {
      const keys = makeKeys(size);
      (await make(1)).set('warm', 1);
      const before = await used();
      const cache = await make(size);
      for (const [index, key] of keys.entries()) cache.set(key, index);
      const after = await used();
      cache.get(keys.at(-1)!);
      return (after - before) / size;
    },
  });
  const { ours, ...peers } = Object.fromEntries(
    Object.entries(makers).map(([maker, make]) => [maker, measured(make)]),
  );
  const floor = { what: least, work: measured((maxSize) => new FirstInFirstOut(maxSize)) };
  return { name, reach: 1, unit: 'bytes/entry', ours: ours!, peers, floor };
}

/** The worst of a million gets on a full cache, by the clock on the wall: the machine must be quiet. */
function worstGet(cache: Cache, size: number): Work {
  const keys = uniform(filled(cache, size), draws);
  return {
    async measure() {
      for (const key of keys) cache.get(key);
      globalThis.gc!();
      let worst = 0;
      for (let turn = 0; turn < 1000; turn++) {
        await new Promise(setImmediate);
        for (let index = 0; index < 1000; index++) {
          const key = keys[(turn * 1000 + index) % draws]!;
          const start = performance.now();
          cache.get(key);
          worst = Math.max(worst, performance.now() - start);
        }
      }
      return worst;
    },
  };
}

const [small, middle, large] = [10_000, 100_000, 1_000_000];

export const scenarios: Scenario[] = [
  scenario('TTLCache get hit, 10k entries', 0.8, small, getHit),
  scenario('TTLCache get hit, 100k entries', 0.6, middle, getHit),
  scenario('TTLCache get hit, 1M entries', 0.75, large, getHit),
  scenario('TTLCache set existing, 10k entries', 0.65, small, setExisting),
  scenario('TTLCache set existing, 100k entries', 0.75, middle, setExisting),
  scenario('TTLCache set existing, 1M entries', 0.85, large, setExisting),
  scenario('TTLCache read-through, zipf, 10k entries', 0.75, small, readThrough),
  scenario('TTLCache read-through, zipf, 100k entries', 0.75, middle, readThrough),
  scenario('TTLCache read-through, zipf, 1M entries', 0.9, large, readThrough),
  scenario('TTLCache set new with eviction, 10k entries', 0.75, small, setNew),
  scenario('TTLCache set new with eviction, 100k entries', 1, middle, setNew),
  scenario('TTLCache set new with eviction, 1M entries', 1, large, setNew),
  scenario('TTLCache worst single get, 1M entries (aim: 1 ms)', 1, large, worstGet, 'ms'),
  memory('TTLCache memory, 100k entries', middle),
  memory('TTLCache memory, 1M entries', large),
];
