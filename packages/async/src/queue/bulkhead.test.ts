import { getEventListeners } from 'node:events';
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { Bulkhead } from './bulkhead.ts';

test('lets in as many as told, and the next when one leaves, first come first served', async () => {
  const bulkhead = new Bulkhead({ maxConcurrent: 1 });
  const order: string[] = [];
  const leave = await bulkhead.enter();
  const second = bulkhead.enter().then((exit) => (order.push('second'), exit));
  const third = bulkhead.enter().then((exit) => (order.push('third'), exit));
  expect([bulkhead.running, bulkhead.waiting]).toEqual([1, 2]);
  leave();
  leave();
  (await second)();
  (await third)();
  expect(order).toEqual(['second', 'third']);
  expect([bulkhead.running, bulkhead.waiting]).toEqual([0, 0]);
});

test('turns away at once when the line is full', async () => {
  const bulkhead = new Bulkhead({ maxConcurrent: 1, maxQueue: 1 });
  await bulkhead.enter();
  void bulkhead.enter();
  await expect(bulkhead.enter()).rejects.toMatchObject({
    code: 'BULKHEAD_FULL',
    recoverable: true,
  });
});

test('an abort leaves the line at once and leaves nothing behind, unlike cockatiel', async () => {
  const bulkhead = new Bulkhead({ maxConcurrent: 1 });
  await bulkhead.enter();
  const controller = new AbortController();
  const waiting = bulkhead.enter({ signal: controller.signal });
  controller.abort('enough');
  await expect(waiting).rejects.toBe('enough');
  expect(bulkhead.waiting).toBe(0);
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
});

test('a place is free again when the work throws', async () => {
  const bulkhead = new Bulkhead({ maxConcurrent: 1 });
  const thrower = () => {
    throw new Error('boom');
  };
  await expect(bulkhead.run(thrower)).rejects.toThrow('boom');
  expect(bulkhead.running).toBe(0);
});

test('nothing is called on an aborted signal', async () => {
  const fn = vi.fn();
  await expect(new Bulkhead().run(fn, { signal: AbortSignal.abort('no') })).rejects.toBe('no');
  expect(fn).not.toHaveBeenCalled();
});

test('never more than the limit are inside, and all get in that do not give up', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ turns: fc.nat(5), abortAfter: fc.option(fc.nat(8)) }), {
        maxLength: 30,
      }),
      fc.integer({ min: 1, max: 5 }),
      async (plan, maxConcurrent) => {
        const bulkhead = new Bulkhead({ maxConcurrent });
        let inside = 0;
        let most = 0;
        const outcomes = plan.map(async ({ turns, abortAfter }) => {
          const controller = new AbortController();
          const work = bulkhead.run(
            async () => {
              most = Math.max(most, ++inside);
              for (let turn = 0; turn < turns; turn++) await Promise.resolve();
              inside--;
              return 'done';
            },
            { signal: controller.signal },
          );
          if (abortAfter !== null) {
            for (let turn = 0; turn < abortAfter; turn++) await Promise.resolve();
            controller.abort('left');
          }
          return work.catch((reason: unknown) => reason);
        });
        for (const outcome of await Promise.all(outcomes))
          expect(['done', 'left']).toContain(outcome);
        expect(most).toBeLessThanOrEqual(maxConcurrent);
        expect([inside, bulkhead.running, bulkhead.waiting]).toEqual([0, 0, 0]);
      },
    ),
  );
});
