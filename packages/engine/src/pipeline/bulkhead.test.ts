import fc from 'fast-check';
import { expect, test } from 'vitest';
import { failureOf } from '../../test/read-all.ts';
import { scriptedModel } from '../../test/scripted-model.ts';
import { ChatEngine } from '../chat-engine.ts';
import { Bulkhead } from './bulkhead.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));

function bulkhead(maxConcurrent: number, maxQueue: number) {
  const order: string[] = [];
  const ends: (() => void)[] = [];
  const clock = { at: 0, now: () => clock.at };
  const house = new Bulkhead({ maxConcurrent, maxQueue, clock });
  const enter = (name: string, tenant = '', signal?: AbortSignal) =>
    house.run(
      () => {
        order.push(name);
        return new Promise<void>((resolve) => ends.push(resolve));
      },
      tenant,
      signal,
    );
  const endOne = async (): Promise<void> => {
    ends.shift()?.();
    await settle();
  };
  return { house, enter, order, endOne, clock };
}

test('the last place is given, the next one waits, and one more than may wait is refused at once', async () => {
  const { house, enter, endOne, order } = bulkhead(2, 1);
  const running = [enter('a'), enter('b'), enter('c')];
  await settle();
  expect({ running: house.running, queued: house.queued }).toEqual({ running: 2, queued: 1 });
  await expect(enter('d')).rejects.toMatchObject({
    code: 'ENGINE_OVERLOADED',
    recoverable: true,
    retryAfterMs: expect.any(Number),
  });
  await endOne();
  expect(order).toEqual(['a', 'b', 'c']);
  await endOne();
  await endOne();
  await Promise.all(running);
  expect({ running: house.running, queued: house.queued }).toEqual({ running: 0, queued: 0 });
});

test('tenants take turns: many requests of one hold up another by one', async () => {
  const { enter, endOne, order } = bulkhead(1, 100);
  const all = ['1', '2', '3', '4'].map((name) => enter(`greedy ${name}`, 'greedy'));
  all.push(enter('modest 1', 'modest'), enter('modest 2', 'modest'));
  for (let i = 0; i < 6; i++) await endOne();
  await Promise.all(all);
  expect(order).toEqual(['greedy 1', 'greedy 2', 'modest 1', 'greedy 3', 'modest 2', 'greedy 4']);
});

test('who goes away while waiting leaves at once, and his place in the queue', async () => {
  const { house, enter, endOne, order } = bulkhead(1, 1);
  const first = enter('a');
  const controller = new AbortController();
  const second = failureOf(enter('b', '', controller.signal));
  controller.abort('bored');
  expect(await second).toBe('bored');
  expect(house.queued).toBe(0);
  const third = enter('c');
  await endOne();
  await endOne();
  await Promise.all([first, third]);
  expect(order).toEqual(['a', 'c']);
});

test('the time to come back grows with the queue and with how long requests take', async () => {
  const { house, enter, endOne, clock } = bulkhead(1, 4);
  for (let i = 0; i < 50; i++) {
    const one = enter('warm');
    clock.at += 2000;
    await endOne();
    await one;
  }
  const waiting = ['a', 'b', 'c', 'd', 'e'].map((name) => enter(name));
  const refusal = (await failureOf(enter('f'))) as { retryAfterMs: number };
  expect(refusal.retryAfterMs).toBeGreaterThan(7000);
  expect(refusal.retryAfterMs).toBeLessThanOrEqual(8000);
  for (let i = 0; i < 5; i++) await endOne();
  await Promise.all(waiting);
  expect(house.running).toBe(0);
});

test('is never over its bounds and loses nobody, whoever comes and goes', async () => {
  const events = fc.array(fc.tuple(fc.constantFrom('enter', 'end', 'abort'), fc.nat(3)), {
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(events, async (script) => {
      const { house, enter, endOne } = bulkhead(2, 3);
      const waits: { controller: AbortController; done: Promise<unknown> }[] = [];
      for (const [what, n] of script) {
        if (what === 'enter') {
          const controller = new AbortController();
          waits.push({
            controller,
            done: enter('x', `tenant ${n}`, controller.signal).catch(() => {}),
          });
        } else if (what === 'end') await endOne();
        else waits[n]?.controller.abort();
        expect(house.running).toBeLessThanOrEqual(2);
        expect(house.queued).toBeLessThanOrEqual(3);
      }
      for (let i = 0; i < waits.length; i++) await endOne();
      await Promise.all(waits.map(({ done }) => done));
      expect({ running: house.running, queued: house.queued }).toEqual({ running: 0, queued: 0 });
    }),
    { numRuns: 50 },
  );
});

test('an engine that is full still gives what it has kept', async () => {
  const model = scriptedModel(['kept', { then: 'hang' }]);
  const engine = new ChatEngine({ model, maxConcurrent: 1, maxQueue: 0 });
  await engine.getResponse('hi');
  const controller = new AbortController();
  const stuck = failureOf(engine.getResponse('other', { signal: controller.signal }));
  await settle();
  expect(await failureOf(engine.getResponse('third'))).toMatchObject({ code: 'ENGINE_OVERLOADED' });
  expect((await engine.getResponse('hi')).metadata.source).toBe('cache');
  expect(engine.status()).toMatchObject({ inFlight: 1, queued: 0 });
  controller.abort();
  await stuck;
});
