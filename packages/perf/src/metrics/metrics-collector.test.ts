import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { manualClock } from '../../test/manual-clock.ts';
import { MetricsCollector, type MetricsOptions } from './metrics-collector.ts';
import type { MetricsSnapshot } from './metrics-snapshot.ts';

const overWire = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('summaries', () => {
  test('are empty when nothing was recorded', () => {
    const metrics = new MetricsCollector();
    expect(metrics.getSummary()).toEqual({});
    expect(metrics.getCounters()).toEqual({});
  });

  test('tell how many, how well and how long', () => {
    const metrics = new MetricsCollector();
    for (let ms = 1; ms <= 100; ms++) metrics.record('load', ms, ms % 10 !== 0);
    metrics.record('once', 0);
    const summary = metrics.getSummary();
    expect(summary['load']).toMatchObject({
      totalRequests: 100,
      successfulRequests: 90,
      failedRequests: 10,
      successRate: 90,
      avgTimeMs: 50.5,
      minTimeMs: 1,
      maxTimeMs: 100,
    });
    expect(summary['once']).toEqual({
      totalRequests: 1,
      successfulRequests: 1,
      failedRequests: 0,
      successRate: 100,
      avgTimeMs: 0,
      minTimeMs: 0,
      maxTimeMs: 0,
      p50TimeMs: 0,
      p95TimeMs: 0,
      p99TimeMs: 0,
    });
  });

  test('have percentiles within 1 % of the exact ones', () => {
    const duration = fc.oneof(
      fc.double({ min: 2 ** -20, max: 1e9, noNaN: true }),
      fc.double({ min: 0.001, max: 60_000, noNaN: true }),
      fc.integer({ min: 1, max: 5000 }),
    );
    fc.assert(
      fc.property(fc.array(duration, { minLength: 1, maxLength: 300, size: 'max' }), (all) => {
        const metrics = new MetricsCollector();
        for (const ms of all) metrics.record('x', ms);
        const summary = metrics.getSummary()['x']!;
        const sorted = all.toSorted((a, b) => a - b);
        const exact = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]!;
        for (const [found, share] of [
          [summary.p50TimeMs, 0.5],
          [summary.p95TimeMs, 0.95],
          [summary.p99TimeMs, 0.99],
        ] as const) {
          expect(Math.abs(found - exact(share)) / exact(share)).toBeLessThanOrEqual(0.01);
        }
      }),
    );
  });

  test('have a percentile of 0 where most took no time', () => {
    const metrics = new MetricsCollector();
    for (const ms of [0, 0, 0, 5, 7]) metrics.record('x', ms);
    expect(metrics.getSummary()['x']).toMatchObject({ p50TimeMs: 0, maxTimeMs: 7 });
  });

  test('any name is only a name', () => {
    const metrics = new MetricsCollector();
    const names = ['__proto__', 'constructor', 'toString', ''];
    for (const name of names) {
      metrics.record(name, 5);
      metrics.increment(name);
    }
    const joined = new MetricsCollector();
    joined.merge(overWire(metrics.snapshot()));
    for (const one of [metrics, joined]) {
      const summary = one.getSummary();
      expect(Object.keys(summary)).toEqual(names);
      expect(Object.keys(one.getCounters())).toEqual(names);
      expect(Object.getPrototypeOf(summary)).toBe(Object.prototype);
    }
  });
});

describe('what makes no sense', () => {
  const hostile = {
    valueOf: () => {
      throw new Error('read');
    },
  };
  const nonsense = [Number.NaN, Infinity, -Infinity, -1, 5n, '5', null, {}, Symbol('x'), hostile];
  test.for([...nonsense, undefined])('a duration of %o is dropped, and counted', (duration) => {
    const metrics = new MetricsCollector();
    metrics.record('x', duration as number);
    expect(metrics.getSummary()).toEqual({});
    expect(metrics.getCounters()).toEqual({ __dropped__: 1 });
  });

  test.for(nonsense)('to increment by %o is as well', (by) => {
    const metrics = new MetricsCollector();
    metrics.increment('x', by as number);
    expect(metrics.getCounters()).toEqual({ __dropped__: 1 });
  });

  test('a name that is no string is dropped', () => {
    const metrics = new MetricsCollector();
    metrics.record(Symbol('x') as unknown as string, 1);
    metrics.increment(undefined as unknown as string);
    metrics.increment('x', Number.NaN);
    metrics.increment('x', -1);
    expect(metrics.getCounters()).toEqual({ __dropped__: 4 });
  });

  test('the greatest and the least numbers are no trouble', () => {
    const metrics = new MetricsCollector();
    metrics.record('x', Number.MAX_VALUE);
    metrics.record('x', Number.MIN_VALUE);
    metrics.record('x', -0);
    metrics.record('x', Number.MAX_VALUE);
    expect(metrics.getSummary()['x']).toMatchObject({
      totalRequests: 4,
      minTimeMs: 0,
      maxTimeMs: Number.MAX_VALUE,
      avgTimeMs: Number.MAX_VALUE / 4,
    });
    const other = new MetricsCollector();
    for (let time = 0; time < 2; time++) other.merge(overWire(metrics.snapshot()));
    expect(other.getSummary()['x']).toMatchObject({ totalRequests: 8 });
    expect(overWire(other.snapshot())).toEqual(other.snapshot());
  });
});

describe('bounds', () => {
  test('further names count together, those known go on alone', () => {
    const metrics = new MetricsCollector({ maxOperations: 2 });
    for (const name of ['a', 'b', 'c', 'd', 'a']) {
      metrics.record(name, 1);
      metrics.increment(name);
    }
    const totals = Object.entries(metrics.getSummary()).map(([name, s]) => [name, s.totalRequests]);
    expect(totals).toEqual([
      ['a', 2],
      ['b', 1],
      ['__other__', 2],
    ]);
    expect(metrics.getCounters()).toEqual({ a: 2, b: 1, __other__: 2 });
  });

  test('what is dropped is counted also when there are no more names', () => {
    const metrics = new MetricsCollector({ maxOperations: 1 });
    metrics.increment('a');
    metrics.record('x', -1);
    expect(metrics.getCounters()).toEqual({ a: 1, __dropped__: 1 });
  });

  test('what is dropped, and what came from elsewhere together, takes no place of a name', () => {
    const metrics = new MetricsCollector({ maxOperations: 1 });
    const full = new MetricsCollector({ maxOperations: 1 });
    for (const name of ['a', 'b']) {
      full.record(name, 1);
      full.increment(name);
    }
    const others = ([name]: [string, unknown]) => name === '__other__';
    const { operations, counters } = full.snapshot();
    metrics.record('x', -1);
    metrics.merge({ operations: operations.filter(others), counters: counters.filter(others) });
    for (const name of ['a', 'b']) {
      metrics.record(name, 1);
      metrics.increment(name);
    }
    expect(metrics.getCounters()).toEqual({ __dropped__: 1, __other__: 2, a: 1 });
    expect(Object.keys(metrics.getSummary())).toEqual(['__other__', 'a']);
  });
});

describe('time', () => {
  test('records how long a sync or async call took, and how it ended', async () => {
    const clock = manualClock();
    const metrics = new MetricsCollector({ clock });
    const take = <T>(ms: number, result: T): T => {
      clock.advance(ms);
      return result;
    };
    expect(metrics.time('sync', () => take(5, 'value'))).toBe('value');
    expect(await metrics.time('async', async () => take(7, 'value'))).toBe('value');
    const error = new Error('down');
    const fail = () => {
      throw take(9, error);
    };
    expect(() => metrics.time('sync', fail)).toThrow(error);
    await expect(metrics.time('async', async () => fail())).rejects.toBe(error);
    const { sync, async: asynchronous } = metrics.getSummary();
    expect(sync).toMatchObject({ totalRequests: 2, failedRequests: 1, minTimeMs: 5, maxTimeMs: 9 });
    expect(asynchronous).toMatchObject({ totalRequests: 2, failedRequests: 1, minTimeMs: 7 });
  });

  test('gives back the very promise, and what is no function is told', async () => {
    const metrics = new MetricsCollector();
    const promise = Promise.resolve(1);
    expect(metrics.time('x', () => promise)).toBe(promise);
    await promise;
    expect(() => metrics.time('y', 5 as never)).toThrow('Expected `fn` to be a function, got 5');
    expect(Object.keys(metrics.getSummary())).toEqual(['x']);
  });

  test('an abort is a failure', async () => {
    const metrics = new MetricsCollector();
    const stopped = metrics.time('x', () => Promise.reject(new DOMException('', 'AbortError')));
    await expect(stopped).rejects.toThrow();
    expect(metrics.getSummary()['x']).toMatchObject({ failedRequests: 1 });
  });
});

describe('joining', () => {
  test('a merged snapshot counts as if it had been recorded here', () => {
    const record = fc.record({
      name: fc.constantFrom('a', 'b', '__proto__'),
      ms: fc.double({ min: 0, max: 1e5, noNaN: true }),
      success: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(record), fc.array(record), (here, there) => {
        const [one, two, both] = [1, 2, 3].map(() => new MetricsCollector());
        for (const { name, ms, success } of here) {
          for (const metrics of [one!, both!]) metrics.record(name, ms, success);
        }
        for (const { name, ms, success } of there) {
          for (const metrics of [two!, both!]) metrics.record(name, ms, success);
          for (const metrics of [two!, both!]) metrics.increment(name, 2);
        }
        one!.merge(overWire(two!.snapshot()));
        const [joined, whole] = [one!, both!].map((metrics) => metrics.getSummary());
        for (const summary of [joined!, whole!]) {
          for (const each of Object.values(summary)) each.avgTimeMs = Math.fround(each.avgTimeMs);
        }
        expect(joined).toEqual(whole);
        expect(one!.getCounters()).toEqual(both!.getCounters());
      }),
    );
  });

  test('is bounded as well', () => {
    const metrics = new MetricsCollector({ maxOperations: 1 });
    metrics.record('a', 1);
    const other = new MetricsCollector();
    for (const name of ['b', 'c', 'a']) other.record(name, 1);
    other.record('x', -1);
    metrics.merge(other.snapshot());
    expect(Object.keys(metrics.getSummary())).toEqual(['a', '__other__']);
    expect(metrics.getCounters()).toEqual({ __dropped__: 1 });
  });

  const data = { failed: 0, sum: 1, min: 1, max: 1, buckets: [[65_536 - 64, 1]] };
  test.for([
    null,
    {},
    { operations: [], counters: [['a', -1]] },
    { operations: [['a', { ...data, failed: 2 }]], counters: [] },
    { operations: [['a', { ...data, min: 2 }]], counters: [] },
    { operations: [['a', { ...data, sum: null }]], counters: [] },
    { operations: [['a', { ...data, buckets: [[1, 1]] }]], counters: [] },
    { operations: [['a', { ...data, buckets: [[65_472, 1.5]] }]], counters: [] },
    { operations: [[5, data]], counters: [] },
    { operations: ['ab'], counters: [] },
    { operations: [['a', { ...data, max: -1 }]], counters: [] },
    { operations: [['a', { ...data, failed: -1 }]], counters: [] },
    { operations: [['a', { ...data, failed: '0' }]], counters: [] },
    { operations: [['a', null]], counters: [] },
    { operations: [], counters: [[5, 1]] },
    { operations: [], counters: [['a', Number.NaN]] },
  ])('what is no snapshot is refused as a whole: %j', (snapshot) => {
    const metrics = new MetricsCollector();
    expect(() => metrics.merge(snapshot as MetricsSnapshot)).toThrow(/Expected/);
    expect(metrics.snapshot()).toEqual({ operations: [], counters: [] });
  });

  test('reset forgets everything', () => {
    const metrics = new MetricsCollector();
    metrics.record('a', 1);
    metrics.increment('a');
    metrics.reset();
    expect(metrics.snapshot()).toEqual({ operations: [], counters: [] });
  });
});

test.for([
  [{ maxOperations: 0 }, RangeError],
  [{ maxOperations: '1' }, TypeError],
  [{ clock: 1 }, TypeError],
] as const)('wrong options are told at construction: %o', ([options, kind]) => {
  expect(() => new MetricsCollector(options as unknown as MetricsOptions)).toThrow(kind);
});
