import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExpiryOrder, sentinelSlots } from './expiry-order.ts';
import { SlotTable } from './slot-table.ts';

/** Times in any order, so that most fit to no run and go to the heap. */
const changes = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        entry: fc.nat(99),
        ttlMs: fc.oneof(
          { weight: 9, arbitrary: fc.integer({ min: 1, max: 500 }) },
          fc.constant(Infinity),
        ),
      }),
    },
    { weight: 1, arbitrary: fc.record({ drop: fc.nat(99) }) },
    { weight: 1, arbitrary: fc.record({ waitMs: fc.nat(40) }) },
  ),
  { minLength: 100, maxLength: 400, size: 'max' },
);

test('knows how many are expired, and finds one, whatever order the times come in', () => {
  fc.assert(
    fc.property(changes, (all) => {
      const table = new SlotTable<number, number>(sentinelSlots, 100);
      const order = new ExpiryOrder(table);
      const slots = new Map<number, { slot: number; expiresAt: number }>();
      let now = 0;
      for (const change of all) {
        if ('waitMs' in change) now += change.waitMs;
        else if ('drop' in change) {
          const found = slots.get(change.drop);
          if (found === undefined) continue;
          order.remove(found.slot);
          table.giveBack(found.slot);
          slots.delete(change.drop);
        } else {
          const slot = slots.get(change.entry)?.slot ?? table.take(change.entry);
          const expiresAt = now + change.ttlMs;
          order.remove(slot);
          table.times[table.timeIndex(slot)] = expiresAt;
          order.add(slot);
          slots.set(change.entry, { slot, expiresAt });
        }
        const expired = [...slots.values()].filter(({ expiresAt }) => expiresAt <= now);
        expect(order.countExpired(now)).toBe(expired.length);
        const found = order.anyExpired(now);
        expect(
          expired.length === 0 ? found === 0 : expired.some(({ slot }) => slot === found),
        ).toBe(true);
      }
      // They come out soonest first: after each step of time, just those that are due.
      for (const end = now + 510; now < end; now += 7) {
        for (let slot = order.anyExpired(now); slot !== 0; slot = order.anyExpired(now)) {
          const [entry, { expiresAt }] = [...slots].find(([, one]) => one.slot === slot)!;
          expect(expiresAt).toBeLessThanOrEqual(now);
          order.remove(slot);
          table.giveBack(slot);
          slots.delete(entry);
        }
        expect([...slots.values()].filter(({ expiresAt }) => expiresAt <= now)).toEqual([]);
      }
      expect([...slots.values()].every(({ expiresAt }) => expiresAt === Infinity)).toBe(true);
    }),
    { numRuns: 50 },
  );
});
