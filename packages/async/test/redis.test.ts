import KeyvRedis from '@keyv/redis';
import { AsyncCache } from '@kortana/async';
import { Keyv } from 'keyv';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { isRedisInstalled, PrivateRedis } from './private-redis.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step();
});

async function startRedis(): Promise<PrivateRedis> {
  const redis = await PrivateRedis.start();
  cleanUp.push(() => redis.kill());
  return redis;
}

function connect(redis: PrivateRedis): Keyv {
  const adapter = new KeyvRedis(redis.url);
  cleanUp.push(() => adapter.disconnect(true).catch(() => {}));
  return new Keyv({ store: adapter });
}

/** Time that is moved by hand, so that the pauses between tries need not be waited out. */
function handClock() {
  const clock = { ms: 0, now: () => clock.ms };
  return clock;
}

const wellAgain = { timeout: 15_000, interval: 50 };

const reason = isRedisInstalled ? '' : ' (skipped: no redis-server installed)';

describe.skipIf(!isRedisInstalled)(`with a real Redis${reason}`, () => {
  test('several processes share what one has loaded, and what one clears', async () => {
    const redis = await startRedis();
    const [one, two] = [0, 1].map(() => new AsyncCache<string, string>({ store: connect(redis) }));
    await one!.getOrSet('a', async () => 'loaded');
    const load = vi.fn();
    expect(await two!.lookup('a', load)).toMatchObject({ value: 'loaded', source: 'store' });
    await one!.clear();
    const late = new AsyncCache<string, string>({ store: connect(redis) });
    expect(await late.get('a')).toBeUndefined();
    expect(load).not.toHaveBeenCalled();
  });

  test('killed and restarted in the middle: no call fails, one at most waits, then it is used again', async () => {
    const redis = await startRedis();
    const clock = handClock();
    const cache = new AsyncCache<string, number>({ store: connect(redis), clock });
    let calls = 0;
    const call = () => cache.getOrSet(`key ${calls++}`, async () => calls);
    for (let round = 0; round < 20; round++) await call();
    expect(cache.stats()).toMatchObject({ storeUp: true, storeErrors: 0, storeTimeouts: 0 });

    await redis.kill();
    for (let round = 0; round < 200; round++) expect(await call()).toBe(calls);
    const { storeErrors, storeTimeouts, storeSkipped, storeUp } = cache.stats();
    expect(storeUp).toBe(false);
    expect(storeErrors + storeTimeouts).toBe(1);
    expect(storeSkipped).toBeGreaterThan(190);

    await redis.restart();
    await vi.waitFor(async () => {
      clock.ms += 5000;
      await call();
      expect(cache.stats().storeUp).toBe(true);
    }, wellAgain);
    await cache.set('after', 7);
    expect(await new AsyncCache({ store: connect(redis), clock }).get('after')).toBe(7);
  });

  test('killed while many calls are under way: each still gets its value, and gives up the store', async () => {
    const redis = await startRedis();
    const cache = new AsyncCache<number, number>({ store: connect(redis), clock: handClock() });
    await cache.set(-1, -1);
    const calls = Array.from({ length: 200 }, (_, key) => cache.getOrSet(key, async () => key));
    await redis.kill();
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 200 }, (_, key) => key));
    await cache.getOrSet(200, () => 200);
    const { storeUp, storeTimeouts } = cache.stats();
    expect(storeUp).toBe(false);
    expect(storeTimeouts).toBeLessThanOrEqual(1);
  });

  test('frozen: one time limit is waited out, and what was deleted meanwhile stays so', async () => {
    const redis = await startRedis();
    const clock = handClock();
    const cache = new AsyncCache<string, number>({
      store: connect(redis),
      storeTimeoutMs: 100,
      clock,
    });
    await cache.set('a', 1, { ttlMs: null });
    redis.freeze();
    await cache.delete('a');
    for (let round = 0; round < 50; round++) await cache.getOrSet(`key ${round}`, () => round);
    expect(cache.stats()).toMatchObject({ storeUp: false, storeTimeouts: 1, storeErrors: 0 });
    redis.thaw();
    await vi.waitFor(async () => {
      clock.ms += 5000;
      expect(await cache.get('a')).toBeUndefined();
      await cache.get('other');
      expect(cache.stats().storeUp).toBe(true);
    }, wellAgain);
    await vi.waitFor(async () => {
      expect(await new AsyncCache({ store: connect(redis), clock }).get('a')).toBeUndefined();
    }, wellAgain);
  });

  test('not there from the start: the cache works without', async () => {
    const redis = await startRedis();
    await redis.kill();
    const cache = new AsyncCache<string, number>({ store: connect(redis) });
    expect(await cache.getOrSet('a', () => 1)).toBe(1);
    expect(await cache.getOrSet('a', () => 2)).toBe(1);
    expect(cache.stats().storeUp).toBe(false);
  });
});
