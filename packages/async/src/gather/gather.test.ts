import { getEventListeners } from 'node:events';
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { gatherSettled } from './gather-settled.ts';
import { gatherWithLimit } from './gather-with-limit.ts';

const value = (result: unknown) => async () => result;
const never = () => new Promise<never>(() => {});

test('gives the values in the order of the tasks', async () => {
  const slow = async () => (await Promise.resolve(), await Promise.resolve(), 'a');
  expect(await gatherWithLimit([slow, value('b'), () => 'c'])).toEqual(['a', 'b', 'c']);
});

test('takes the tasks as arguments, with or without options behind them', async () => {
  expect(await gatherWithLimit(value(1), value(2))).toEqual([1, 2]);
  expect(await gatherWithLimit(value(1), value(2), { limit: 1 })).toEqual([1, 2]);
  expect(await gatherSettled(value(1), { limit: 1 })).toEqual([{ status: 'fulfilled', value: 1 }]);
  expect(await gatherWithLimit(value(1), undefined as never)).toEqual([1]);
  expect(await gatherWithLimit({ limit: 1 })).toEqual([]);
  for (const args of [[[value(1)], null], [value(1), null], [null]]) {
    await expect(gatherWithLimit(...(args as never))).rejects.toThrow(
      'Expected `options` to be an object, got null',
    );
  }
});

test('runs the tasks that there were at the call, should the array change meanwhile', async () => {
  const tasks: (() => unknown)[] = [value(1), value(2)];
  const work = gatherWithLimit(tasks, { limit: 1 });
  tasks.length = 0;
  expect(await work).toEqual([1, 2]);
});

test('resolves at once without tasks', async () => {
  const { signal } = new AbortController();
  expect(await gatherWithLimit([], { signal })).toEqual([]);
  expect(await gatherWithLimit()).toEqual([]);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('rejects with the first error, starts no further task and aborts those that run', async () => {
  const signals: AbortSignal[] = [];
  const third = vi.fn();
  const error = new Error('boom');
  const tasks = [
    (signal: AbortSignal) => (signals.push(signal), never()),
    async () => Promise.reject(error),
    third,
  ];
  await expect(gatherWithLimit(tasks, { limit: 2 })).rejects.toBe(error);
  expect(signals[0]?.reason).toBe(error);
  expect(third).not.toHaveBeenCalled();
});

test('leaves no listener, however it ends', async () => {
  const { signal } = new AbortController();
  const fail = async () => Promise.reject(new Error('x'));
  await gatherWithLimit([value(1)], { signal });
  await gatherWithLimit([fail, never], { signal }).catch(() => {});
  await gatherSettled([fail], { signal });
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('takes a throw for a rejection', async () => {
  const error = new Error('boom');
  const thrower = () => {
    throw error;
  };
  await expect(gatherWithLimit([thrower])).rejects.toBe(error);
  expect(await gatherSettled([thrower])).toEqual([{ status: 'rejected', reason: error }]);
});

test('rejects at once on an abort, tells the running and starts no more, unlike p-limit and p-queue', async () => {
  const controller = new AbortController();
  const second = vi.fn();
  let seen: AbortSignal | undefined;
  const tasks = [(signal: AbortSignal) => ((seen = signal), never()), second];
  const work = gatherSettled(tasks, { limit: 1, signal: controller.signal });
  await Promise.resolve();
  controller.abort('enough');
  await expect(work).rejects.toBe('enough');
  expect(seen?.reason).toBe('enough');
  expect(second).not.toHaveBeenCalled();
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
});

test('keeps results that were there before the abort, and drops one that comes after', async () => {
  const early = new AbortController();
  const kept = gatherWithLimit([value(1), value(2)], { signal: early.signal });
  early.abort('late');
  expect(await kept).toEqual([1, 2]);
  const controller = new AbortController();
  const self = async () => (controller.abort('enough'), 1);
  await expect(gatherWithLimit([self], { signal: controller.signal })).rejects.toBe('enough');
});

test('an abort keeps what was whole before, and passes nothing off as whole', async () => {
  for (const gather of [gatherWithLimit, gatherSettled]) {
    const controller = new AbortController();
    const { signal } = controller;
    const one = gather([value(1)], { signal });
    const two = gather([value(1), value(2)], { limit: 1, signal });
    controller.abort('enough');
    expect(await one).toHaveLength(1);
    await expect(two).rejects.toBe('enough');
  }
});

test('starts nothing on an aborted signal', async () => {
  const task = vi.fn();
  await expect(gatherWithLimit([task], { signal: AbortSignal.abort('no') })).rejects.toBe('no');
  expect(task).not.toHaveBeenCalled();
});

test('says which task is none, and refuses a limit below 1', async () => {
  await expect(gatherWithLimit([value(1), Promise.resolve() as never])).rejects.toThrow(
    'Expected `tasks[1]` to be a function',
  );
  await expect(gatherWithLimit([], { limit: 0 })).rejects.toThrow(
    'Expected `limit` to be an integer from 1 up, got 0',
  );
});

test('settles every task exactly once and never runs more than the limit', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ turns: fc.integer({ min: 1, max: 5 }), fails: fc.boolean() }), {
        maxLength: 40,
      }),
      fc.integer({ min: 1, max: 8 }),
      async (plan, limit) => {
        let running = 0;
        let most = 0;
        const calls = plan.map(() => 0);
        const results = await gatherSettled(
          plan.map(({ turns, fails }, index) => async () => {
            calls[index]!++;
            most = Math.max(most, ++running);
            for (let turn = 0; turn < turns; turn++) await Promise.resolve();
            running--;
            if (fails) throw index;
            return index;
          }),
          { limit },
        );
        expect(most).toBe(Math.min(limit, plan.length));
        expect(calls).toEqual(plan.map(() => 1));
        expect(results).toEqual(
          plan.map(({ fails }, index) =>
            fails ? { status: 'rejected', reason: index } : { status: 'fulfilled', value: index },
          ),
        );
      },
    ),
  );
});
