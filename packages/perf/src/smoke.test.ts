import { expect, test } from 'vitest';
import {
  cachedAsync,
  CircuitBreaker,
  CircuitOpenError,
  MetricsCollector,
  SingleFlight,
  stableKey,
  timedExecution,
  TTLCache,
} from './index.ts';

test('a cache keeps, expires and evicts', () => {
  let now = 0;
  const cache = new TTLCache<string, number>({
    maxSize: 2,
    defaultTtlMs: 10,
    clock: { now: () => now },
  });
  cache.set('a', 1, { ttlMs: 5 }).set('b', 2);
  expect(cache.get('a')).toBe(1);
  now = 5;
  cache.set('c', 3);
  expect([...cache]).toEqual([
    ['c', 3],
    ['b', 2],
  ]);
  expect(cache.stats()).toMatchObject({ hits: 1, expirations: 1, evictions: 0, size: 2 });
  now = 15;
  expect(cache.size).toBe(0);
  expect(cache.purgeExpired()).toBe(2);
});

test('a breaker opens, probes and closes', async () => {
  let now = 0;
  const breaker = new CircuitBreaker({ failureThreshold: 2, clock: { now: () => now } });
  const fail = () => Promise.reject(new Error('down'));
  await expect(breaker.call(fail)).rejects.toThrow('down');
  await expect(breaker.call(fail)).rejects.toThrow('down');
  expect(() => breaker.call(fail)).toThrow(CircuitOpenError);
  now = 60_000;
  expect(breaker.call(() => 1)).toBe(1);
  expect(breaker.state).toBe('half_open');
  expect(await breaker.call(async () => 2)).toBe(2);
  expect(breaker.state).toBe('closed');
});

test('metrics are summed up', () => {
  const metrics = new MetricsCollector();
  metrics.record('a', 10);
  metrics.record('a', 30, false);
  expect(metrics.getSummary()).toMatchObject({ a: { totalRequests: 2, avgTimeMs: 20 } });
});

test('equal calls are one', async () => {
  let runs = 0;
  const f = cachedAsync()(async (n: number) => n + runs++);
  expect(await Promise.all([f(1), f(1), f(2)])).toEqual([1, 1, 3]);
  expect(await f(1)).toBe(1);
  const flights = new SingleFlight<string, number>();
  expect(
    await Promise.all([flights.run('a', async () => 1), flights.run('a', async () => 2)]),
  ).toEqual([1, 1]);
  expect(stableKey(1, '1')).not.toBe(stableKey('1', 1));
  expect(timedExecution('x')(() => 3)()).toBe(3);
});
