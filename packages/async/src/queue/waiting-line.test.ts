import { getEventListeners } from 'node:events';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WaitingLine } from './waiting-line.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const clock = { now: () => Date.now() };
const onTimeout = (limitMs: number) => `waited ${limitMs} ms`;
const step = fc.record({
  does: fc.constantFrom('join', 'serve', 'fail', 'leave'),
  who: fc.nat(20),
  mayLeave: fc.boolean(),
});

test('each who joins is served, told or leaves, once, first come, first served', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const line = new WaitingLine<number>({ limitMs: 1000, onTimeout, clock });
      const controllers: AbortController[] = [];
      const seen = { outcomes: [] as string[], took: [] as boolean[], sizes: [] as number[] };
      const model: number[] = [];
      const expected: typeof seen = { outcomes: [], took: [], sizes: [] };

      const acts = {
        join: (_at: number, { mayLeave }: { mayLeave: boolean }) => {
          const who = controllers.push(new AbortController()) - 1;
          const told = (outcome: string): void => {
            seen.outcomes[who] = (seen.outcomes[who] ?? '') + outcome;
          };
          const work = line.join(mayLeave ? controllers[who]!.signal : undefined);
          work.then((value) => told(`served ${value}`), told);
          model.push(who);
        },
        serve: (at: number) => {
          seen.took.push(line.serve(at));
          expected.took.push(model.length > 0);
          if (model.length > 0) expected.outcomes[model.shift()!] = `served ${at}`;
        },
        fail: (at: number) => {
          seen.took.push(line.fail(`told ${at}`));
          expected.took.push(model.length > 0);
          if (model.length > 0) expected.outcomes[model.shift()!] = `told ${at}`;
        },
        leave: (_at: number, { who }: { who: number }) => {
          const controller = controllers[who];
          if (controller === undefined) return;
          const isHeard = getEventListeners(controller.signal, 'abort').length > 0;
          controller.abort('left');
          if (!isHeard) return;
          model.splice(model.indexOf(who), 1);
          expected.outcomes[who] = 'left';
        },
      };
      for (const [at, one] of steps.entries()) {
        acts[one.does](at, one);
        seen.sizes.push(line.size);
        expected.sizes.push(model.length);
      }
      line.failAll('closed');
      for (const who of model) expected.outcomes[who] = 'closed';
      await vi.advanceTimersByTimeAsync(0);

      expect(seen).toEqual(expected);
      expect(vi.getTimerCount()).toBe(0);
      expect(controllers.flatMap(({ signal }) => getEventListeners(signal, 'abort'))).toEqual([]);
    }),
  );
});

test('who has waited for the limit is told, and one timer serves all', async () => {
  const line = new WaitingLine<number>({ limitMs: 100, onTimeout, clock });
  const ended: number[] = [];
  const wait = (who: number): void => void line.join().catch(() => ended.push(who));
  wait(1);
  await vi.advanceTimersByTimeAsync(40);
  wait(2);
  wait(3);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(60);
  expect(ended).toEqual([1]);
  await vi.advanceTimersByTimeAsync(39);
  expect(ended).toEqual([1]);
  await vi.advanceTimersByTimeAsync(1);
  expect(ended).toEqual([1, 2, 3]);
});

test('a limit of one’s own goes before the line’s, shorter or longer', async () => {
  const line = new WaitingLine<number>({ limitMs: 100, onTimeout, clock });
  const told: unknown[] = [];
  for (const limitMs of [200, undefined, 50]) {
    void line.join(undefined, limitMs).catch((error: unknown) => told.push(error));
  }
  await vi.advanceTimersByTimeAsync(50);
  expect(told).toEqual(['waited 50 ms']);
  await vi.advanceTimersByTimeAsync(50);
  expect(told).toEqual(['waited 50 ms', 'waited 100 ms']);
  await vi.advanceTimersByTimeAsync(100);
  expect(told).toEqual(['waited 50 ms', 'waited 100 ms', 'waited 200 ms']);
});

test('the timer only wakes up, the clock decides', async () => {
  let now = 0;
  const line = new WaitingLine<number>({ limitMs: 100, onTimeout, clock: { now: () => now } });
  const onEnd = vi.fn();
  void line.join().catch(onEnd);
  now = 99;
  await vi.advanceTimersByTimeAsync(100);
  expect(onEnd).not.toHaveBeenCalled();
  now = 100;
  await vi.advanceTimersByTimeAsync(1);
  expect(onEnd).toHaveBeenCalledExactlyOnceWith('waited 100 ms');
});

test('nobody joins on an aborted signal', async () => {
  const line = new WaitingLine<number>();
  await expect(line.join(AbortSignal.abort('no'))).rejects.toBe('no');
  expect(line.size).toBe(0);
});
