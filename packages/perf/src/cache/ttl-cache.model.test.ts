import fc from 'fast-check';
import { expect, test } from 'vitest';
import { manualClock } from '../../test/manual-clock.ts';
import { TTLCache } from './ttl-cache.ts';

type Operations = Pick<
  TTLCache<number, number>,
  'get' | 'has' | 'peek' | 'delete' | 'clear' | 'remainingTtlMs'
> & { set(key: number, value: number, options: { ttlMs: number | null }): unknown };

/** The cache as one would explain it: a list, least recently used first. Slow and obvious. */
class Model implements Operations {
  entries: { key: number; value: number; expiresAt: number }[] = [];
  hits = 0;
  misses = 0;
  evictions = 0;
  expirations = 0;
  readonly maxSize: number;
  readonly now: () => number;

  constructor(maxSize: number, now: () => number) {
    this.maxSize = maxSize;
    this.now = now;
  }

  isLive = (entry: { expiresAt: number }) => entry.expiresAt > this.now();

  live = (key: number) => this.entries.find((entry) => entry.key === key && this.isLive(entry));

  has = (key: number) => this.live(key) !== undefined;

  peek = (key: number) => this.live(key)?.value;

  remainingTtlMs(key: number) {
    const found = this.live(key);
    return found && found.expiresAt - this.now();
  }

  delete(key: number) {
    const found = this.entries.find((entry) => entry.key === key);
    if (found === undefined) return false;
    this.entries = this.entries.filter((entry) => entry !== found);
    if (!this.isLive(found)) this.expirations++;
    return this.isLive(found);
  }

  get(key: number) {
    const found = this.live(key);
    if (found === undefined) {
      this.misses++;
      this.delete(key);
      return undefined;
    }
    this.hits++;
    this.entries = [...this.entries.filter((entry) => entry !== found), found];
    return found.value;
  }

  set(key: number, value: number, { ttlMs }: { ttlMs: number | null }) {
    this.delete(key);
    if (this.entries.length === this.maxSize) {
      const expired = this.entries.find((entry) => !this.isLive(entry));
      if (expired === undefined) this.evictions++;
      this.delete((expired ?? this.entries[0]!).key);
    }
    this.entries.push({ key, value, expiresAt: this.now() + (ttlMs ?? Infinity) });
  }

  purgeExpired() {
    const expired = this.entries.filter((entry) => !this.isLive(entry));
    for (const { key } of expired) this.delete(key);
  }

  clear() {
    this.purgeExpired();
    this.entries = [];
  }
}

const key = fc.nat(40);
const ttlMs = fc.oneof(fc.constantFrom(null, 10, 20, 50), fc.integer({ min: 1, max: 60 }));
const operation = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(key, fc.nat(), ttlMs).map(
      ([k, v, ttl]) =>
        (on: Operations) =>
          void on.set(k, v, { ttlMs: ttl }),
    ),
  },
  { weight: 4, arbitrary: key.map((k) => (on: Operations) => on.get(k)) },
  { weight: 2, arbitrary: key.map((k) => (on: Operations) => on.delete(k)) },
  { weight: 1, arbitrary: key.map((k) => (on: Operations) => [on.has(k), on.peek(k)]) },
  { weight: 1, arbitrary: key.map((k) => (on: Operations) => on.remainingTtlMs(k)) },
  { weight: 1, arbitrary: fc.constant((on: Operations) => on.clear()) },
);
const step = fc.record({ operation, pauseMs: fc.oneof(fc.constant(0), fc.nat(15)) });
const steps = fc.array(step, { maxLength: 200, size: 'max' });

test('does what a plain list would do', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), steps, (maxSize, all) => {
      const clock = manualClock();
      const left = { evicted: 0, expired: 0, deleted: 0, replaced: 0, cleared: 0 };
      const onRemove = (_key: number, _value: number, reason: keyof typeof left) => left[reason]++;
      const cache = new TTLCache<number, number>({ maxSize, clock, onRemove });
      const model = new Model(maxSize, clock.now);
      for (const { operation, pauseMs } of all) {
        clock.advance(pauseMs);
        expect(operation(cache)).toEqual(operation(model));
        const live = model.entries.filter(model.isLive);
        const { hits, misses, evictions } = model;
        expect(cache.stats()).toMatchObject({ hits, misses, evictions, size: live.length });
        expect([...cache]).toEqual(live.map((entry) => [entry.key, entry.value]).toReversed());
      }
      // Which of several expired entries goes first is nobody's business: in the end, all do.
      model.purgeExpired();
      cache.purgeExpired();
      const { evictions, expirations } = model;
      expect(cache.stats()).toMatchObject({ evictions, expirations });
      expect(left).toMatchObject({ evicted: evictions, expired: expirations });
    }),
  );
});
