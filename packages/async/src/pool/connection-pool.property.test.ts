import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConnectionPool } from './connection-pool.ts';

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      act: fc.constant('acquire' as const),
      abortAfter: fc.option(fc.nat(6)),
    }),
  },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('release' as const) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('discard' as const) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('wait' as const) }) },
);

const plan = fc.record({
  steps: fc.array(step, { maxLength: 50, size: 'max' }),
  maxSize: fc.integer({ min: 1, max: 4 }),
  minSize: fc.nat(1),
  maxUses: fc.integer({ min: 1, max: 4 }),
  /** In turn: how many turns of the queue a `create`, `destroy` or `validate` takes, and whether it fails. */
  turns: fc.array(fc.nat(4), { minLength: 1 }),
  fails: fc.array(fc.boolean(), { minLength: 1 }),
  validates: fc.boolean(),
});

test('never more than maxSize are alive, each is destroyed once, and every acquire settles', async () => {
  await fc.assert(
    fc.asyncProperty(
      plan,
      async ({ steps, maxSize, minSize, maxUses, turns, fails, validates }) => {
        let calls = 0;
        let alive = 0;
        let most = 0;
        const destroyed = new Map<number, number>();
        const work = async (mayFail: boolean): Promise<number> => {
          const call = calls++;
          for (let turn = turns[call % turns.length]!; turn > 0; turn--) await Promise.resolve();
          if (mayFail && fails[call % fails.length]!) throw new Error('refused');
          return call;
        };
        const pool = new ConnectionPool<number>({
          maxSize,
          minSize,
          maxUses,
          create: async () => {
            most = Math.max(most, ++alive);
            return work(true).catch((error: unknown) => {
              alive--;
              throw error;
            });
          },
          destroy: async (connection) => {
            destroyed.set(connection, (destroyed.get(connection) ?? 0) + 1);
            await work(false);
            alive--;
          },
          validate: validates ? async () => (await work(true)) % 3 > 0 : undefined,
        });

        const lent: number[] = [];
        const acquires: Promise<unknown>[] = [];
        for (const one of steps) {
          if (one.act === 'acquire') {
            const { abortAfter } = one;
            const controller = new AbortController();
            acquires.push(
              pool.acquire({ signal: controller.signal }).then(
                (connection) => lent.push(connection),
                () => {},
              ),
            );
            for (let turn = abortAfter ?? 0; turn > 0; turn--) await Promise.resolve();
            if (abortAfter !== null) controller.abort();
          } else if (one.act === 'wait') await new Promise((resolve) => setImmediate(resolve));
          else if (lent.length > 0) pool[one.act](lent.shift()!);
        }
        const drained = pool.drain({ timeoutMs: 1000 });
        await Promise.all(acquires);
        while (lent.length > 0) pool.release(lent.shift()!);
        expect(await drained).toEqual({ leaked: 0 });
        expect(most).toBeLessThanOrEqual(maxSize);
        expect(alive).toBe(0);
        expect([...destroyed.values()].every((times) => times === 1)).toBe(true);
        expect(pool.stats()).toEqual({
          size: 0,
          available: 0,
          borrowed: 0,
          waiting: 0,
          creating: 0,
        });
      },
    ),
    { numRuns: 300 },
  );
});
