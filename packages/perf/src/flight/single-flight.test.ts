import { getEventListeners } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import { SingleFlight } from './single-flight.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

function makeFlight() {
  const flights = new SingleFlight<string>();
  const runs: (PromiseWithResolvers<unknown> & { signal: AbortSignal })[] = [];
  const work = (signal: AbortSignal) => {
    const run = Promise.withResolvers<unknown>();
    runs.push({ ...run, signal });
    return run.promise;
  };
  return { flights, runs, work };
}

describe('sharing', () => {
  test('callers who want the same at the same time share one run', async () => {
    const { flights, runs, work } = makeFlight();
    const all = [flights.run('a', work), flights.run('a', work), flights.run('b', work)];
    expect([runs.length, flights.size]).toEqual([2, 2]);
    runs[0]!.resolve(1);
    runs[1]!.resolve(2);
    expect(await Promise.all(all)).toEqual([1, 1, 2]);
    expect(flights.size).toBe(0);
    const next = flights.run('a', work);
    expect(runs.length).toBe(3);
    runs[2]!.resolve(undefined);
    expect(await next).toBeUndefined();
  });

  test('a failure is shared, and nothing is kept of it', async () => {
    const { flights, runs, work } = makeFlight();
    const all = Array.from({ length: 5 }, () => flights.run('a', work));
    const error = new Error('down');
    runs[0]!.reject(error);
    const results = await Promise.allSettled(all);
    expect(results.every((result) => result.status === 'rejected' && result.reason === error)).toBe(
      true,
    );
    expect([runs.length, flights.size]).toEqual([1, 0]);
  });

  test('what the work throws at once is a rejection, a plain value is a result', async () => {
    const flights = new SingleFlight<string, number>();
    const broken = flights.run('a', () => {
      throw new Error('at once');
    });
    await expect(broken).rejects.toThrow('at once');
    expect(await flights.run('a', () => 5)).toBe(5);
    expect(flights.size).toBe(0);
  });

  test('work that asks for its own key joins itself', async () => {
    const flights = new SingleFlight<string, number>();
    const { signal } = new AbortController();
    const inner: Promise<number>[] = [];
    const outer = flights.run('a', () => {
      inner.push(
        flights.run('a', () => 7),
        flights.run('a', () => 7, { signal }),
      );
      return 5;
    });
    expect(await Promise.all([outer, ...inner])).toEqual([5, 5, 5]);
    expect(flights.size).toBe(0);
  });

  test('keys are compared as in Map', async () => {
    const flights = new SingleFlight<unknown, number>();
    const runs = vi.fn<() => Promise<number>>(async () => 1);
    await Promise.all([
      flights.run(Number.NaN, runs),
      flights.run(Number.NaN, runs),
      flights.run({}, runs),
    ]);
    expect(runs).toHaveBeenCalledTimes(2);
  });
});

describe('abort', () => {
  test('of one caller leaves the others alone', async () => {
    const { flights, runs, work } = makeFlight();
    const [one, two] = [new AbortController(), new AbortController()];
    const first = flights.run('a', work, { signal: one.signal });
    const second = flights.run('a', work, { signal: two.signal });
    const third = flights.run('a', work);
    const reason = new Error('enough');
    one.abort(reason);
    await expect(first).rejects.toBe(reason);
    two.abort();
    await expect(second).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect(runs[0]!.signal.aborted).toBe(false);
    runs[0]!.resolve(1);
    expect(await third).toBe(1);
  });

  test('of the last caller aborts the run, and later callers begin another', async () => {
    const { flights, runs, work } = makeFlight();
    const controllers = [new AbortController(), new AbortController()];
    const waiting = controllers.map(({ signal }) => flights.run('a', work, { signal }));
    const reasons = controllers.map((_, index) => new Error(`reason ${index}`));
    for (const [index, controller] of controllers.entries()) controller.abort(reasons[index]);
    expect(
      (await Promise.allSettled(waiting)).map((result) => Reflect.get(result, 'reason')),
    ).toEqual(reasons);
    expect(runs[0]!.signal.reason).toBe(reasons[1]);
    expect(flights.size).toBe(0);
    const next = flights.run('a', work);
    expect(runs.length).toBe(2);
    runs[0]!.resolve('old');
    runs[1]!.resolve('new');
    expect(await next).toBe('new');
  });

  test.for([
    ['a success', (run: PromiseWithResolvers<unknown>) => run.resolve('in time'), 'in time'],
    ['a failure', (run: PromiseWithResolvers<unknown>) => run.reject('in time'), 'in time'],
  ] as const)('%s that was there before the abort is kept', async ([, end, outcome]) => {
    const { flights, runs, work } = makeFlight();
    const controller = new AbortController();
    const waiting = flights.run('a', work, { signal: controller.signal });
    end(runs[0]!);
    controller.abort('too late');
    expect(await waiting.catch((error: unknown) => error)).toBe(outcome);
    await settled();
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test('after the abort the reason comes, whatever the work makes of it', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const makesItsOwn = (own: AbortSignal) =>
      new Promise<never>((_, reject) => {
        const fail = () => reject(new Error('of the work'));
        own.addEventListener('abort', fail);
        signal.addEventListener('abort', fail);
      });
    const flights = new SingleFlight<string>();
    const waiting = flights.run('a', makesItsOwn, { signal });
    controller.abort('enough');
    await expect(waiting).rejects.toBe('enough');
  });

  test('an abort after the end aborts nothing', async () => {
    const { flights, runs, work } = makeFlight();
    const controller = new AbortController();
    const waiting = flights.run('a', work, { signal: controller.signal });
    runs[0]!.resolve(1);
    expect(await waiting).toBe(1);
    controller.abort();
    expect(runs[0]!.signal.aborted).toBe(false);
  });

  test('an aborted signal begins nothing', async () => {
    const { flights, runs, work } = makeFlight();
    const signal = AbortSignal.abort('already');
    await expect(flights.run('a', work, { signal })).rejects.toBe('already');
    expect(runs.length).toBe(0);
  });

  test('no listener is left behind', async () => {
    const { flights, runs, work } = makeFlight();
    const { signal } = new AbortController();
    const waiting = [flights.run('a', work, { signal }), flights.run('a', work, { signal })];
    runs[0]!.resolve(1);
    await Promise.all(waiting);
    await settled();
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('a run that fails when nobody waits any more, or one that wasn’t begun, bothers nobody', async () => {
    const unhandled = vi.fn<() => void>();
    process.on('unhandledRejection', unhandled);
    const { flights, runs, work } = makeFlight();
    void flights.run('a', work, { signal: AbortSignal.abort() });
    const { signal } = new AbortController();
    void flights.run('dropped', () => Promise.reject(new Error('down')));
    void flights.run('dropped, too', () => Promise.reject(new Error('down')), { signal });
    const controller = new AbortController();
    const waiting = flights.run('a', work, { signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toThrow();
    runs[0]!.reject(new Error('too late'));
    await settled();
    await settled();
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

describe('forgetting', () => {
  test('a run whose callers have all left is not the current one any more', async () => {
    const { flights, runs, work } = makeFlight();
    const controller = new AbortController();
    const noted = Promise.withResolvers<boolean>();
    const noting = async (signal: AbortSignal, flight: { readonly current: boolean }) => {
      await work(signal);
      noted.resolve(flight.current);
    };
    const waiting = flights.run('a', noting, { signal: controller.signal });
    controller.abort('enough');
    await expect(waiting).rejects.toBe('enough');
    runs[0]!.resolve(1);
    expect(await noted.promise).toBe(false);
  });

  test('an older run still answers its own callers, and is told that it is not the current one', async () => {
    const { flights, runs, work } = makeFlight();
    const current: boolean[] = [];
    const noting = async (signal: AbortSignal, flight: { readonly current: boolean }) => {
      const value = await work(signal);
      current.push(flight.current);
      return value;
    };
    const older = flights.run('a', noting);
    flights.forget('a');
    flights.forget('never was');
    const newer = flights.run('a', noting);
    runs[0]!.resolve('old');
    expect(await older).toBe('old');
    expect(flights.has('a')).toBe(true);
    runs[1]!.resolve('new');
    expect(await newer).toBe('new');
    expect(current).toEqual([false, true]);
  });
});

test('wrong arguments are told', () => {
  const flights = new SingleFlight();
  expect(() => flights.run('a', 5 as never)).toThrow(TypeError);
  expect(() => flights.run('a', async () => 1, { signal: {} as AbortSignal })).toThrow(TypeError);
});
