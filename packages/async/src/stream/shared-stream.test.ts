import { getEventListeners } from 'node:events';
import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { SharedStream } from './shared-stream.ts';

/** Counts up to `length`, and knows how far it was asked and whether it was closed. */
function counter(length = Infinity) {
  const seen = { produced: 0, closed: false };
  async function* count() {
    try {
      while (seen.produced < length) yield seen.produced++;
    } finally {
      seen.closed = true;
    }
  }
  return { seen, source: count() };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function take<T>(reader: AsyncIterator<T>, count: number): Promise<T[]> {
  const all: T[] = [];
  while (all.length < count) {
    const result = await reader.next();
    if (result.done === true) break;
    all.push(result.value);
  }
  return all;
}

function boom(): never {
  throw new Error('boom');
}

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('readers', () => {
  test('share one producer and each sees all from the first, also a late one', async () => {
    const open = vi.fn(() => counter(3).source);
    const stream = SharedStream.from(open);
    const all = await Promise.all([collect(stream.subscribe()), collect(stream.subscribe())]);
    expect([...all, await collect(stream.subscribe())]).toEqual([
      [0, 1, 2],
      [0, 1, 2],
      [0, 1, 2],
    ]);
    expect(open).toHaveBeenCalledOnce();
  });

  test('that come in the middle get what was before, then go on', async () => {
    const stream = SharedStream.from(counter(4).source);
    const first = stream.subscribe();
    expect(await take(first, 2)).toEqual([0, 1]);
    expect(await collect(stream.subscribe())).toEqual([0, 1, 2, 3]);
    expect(await collect(first)).toEqual([2, 3]);
  });

  test('may ask ahead without waiting', async () => {
    const reader = SharedStream.from(counter(2).source).subscribe();
    const results = await Promise.all([reader.next(), reader.next(), reader.next()]);
    expect(results.map(({ value }) => value)).toEqual([0, 1, undefined]);
  });

  test('all get the error after the items before it, also a late one', async () => {
    const error = new Error('broken');
    async function* broken() {
      yield 1;
      throw error;
    }
    const stream = SharedStream.from(broken());
    for (const reader of [stream.subscribe(), stream.subscribe()]) {
      expect(await reader.next()).toEqual({ done: false, value: 1 });
      await expect(reader.next()).rejects.toBe(error);
      expect(await reader.next()).toEqual({ done: true, value: undefined });
    }
  });

  const brokenNexts: [string, () => unknown][] = [
    ['nothing', () => undefined],
    ['no object', async () => 5],
    [
      'a throw',
      () => {
        throw new Error('broken');
      },
    ],
    ['a result that can not be read', async () => Object.defineProperty({}, 'done', { get: boom })],
  ];

  test.for(brokenNexts)('all get an error where `next` gives %s', async ([, next]) => {
    const source = { [Symbol.asyncIterator]: () => ({ next }) } as AsyncIterable<number>;
    const stream = SharedStream.from(source);
    const outcomes = [stream.subscribe(), stream.subscribe()].map((reader) =>
      reader.next().catch((error: unknown) => error),
    );
    const [first, second] = await Promise.all(outcomes);
    expect(first).toBeInstanceOf(Error);
    expect(second).toBe(first);
    await expect(stream.subscribe().next()).rejects.toBe(first);
  });

  test('get the error of a producer that can not even begin', async () => {
    const error = new Error('no');
    const stream = SharedStream.from<number>(() => {
      throw error;
    });
    await expect(stream.subscribe().next()).rejects.toBe(error);
  });
});

describe('the producer', () => {
  test('is asked for nothing before a reader asks, and only for what the fastest asks', async () => {
    const { seen, source } = counter();
    const reader = SharedStream.from(source).subscribe();
    await tick();
    expect(seen.produced).toBe(0);
    await take(reader, 2);
    await tick();
    expect(seen.produced).toBe(2);
  });

  test('goes on when one of several leaves, and is stopped by the last', async () => {
    const { seen, source } = counter();
    const stream = SharedStream.from(source);
    const [first, second] = [stream.subscribe(), stream.subscribe()];
    await take(first, 1);
    await first.return?.();
    expect(await take(second, 2)).toEqual([0, 1]);
    expect(seen.closed).toBe(false);
    await second.return?.();
    await tick();
    expect(seen.closed).toBe(true);
  });

  test('gets its signal aborted, also while it hangs', async () => {
    let seen: AbortSignal | undefined;
    const stream = SharedStream.from<number>((signal) => {
      seen = signal;
      return { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) };
    });
    const controller = new AbortController();
    const next = stream.subscribe({ signal: controller.signal }).next();
    controller.abort('gone');
    await expect(next).rejects.toBe('gone');
    expect(seen?.reason).toBe('gone');
  });

  test.for(['a break', 'a throw'])('is stopped once by %s in the only reader', async (how) => {
    const close = vi.fn(async () => ({ done: true as const, value: undefined }));
    const next = vi.fn(async () => ({ done: false, value: 1 }));
    const stream = SharedStream.from<number>({
      [Symbol.asyncIterator]: () => ({ next, return: close }),
    });
    const reader = stream.subscribe();
    const read = async () => {
      for await (const _item of reader) {
        if (how === 'a throw') boom();
        break;
      }
    };
    await read().catch(() => {});
    await reader.return?.();
    await tick();
    expect(close).toHaveBeenCalledOnce();
    expect(next).toHaveBeenCalledOnce();
  });

  test('whose closing fails or hangs holds up nobody', async () => {
    for (const close of [boom, async () => boom(), () => new Promise<never>(() => {})]) {
      const next = async () => ({ done: false, value: 1 });
      const source = { [Symbol.asyncIterator]: () => ({ next, return: close }) };
      const reader = SharedStream.from<number>(source).subscribe();
      await reader.next();
      expect(await reader.return?.()).toEqual({ done: true, value: undefined });
    }
  });

  test('is closed also when its last reader leaves while it is being made', async () => {
    const controller = new AbortController();
    const { seen, source } = counter();
    const stream = SharedStream.from(() => (controller.abort('gone'), source));
    await expect(stream.subscribe(controller).next()).rejects.toBe('gone');
    await tick();
    expect(seen.produced).toBe(0);
    await expect(stream.subscribe().next()).rejects.toMatchObject({ code: 'STREAM_STOPPED' });
    expect(await source.next()).toEqual({ done: true, value: undefined });
  });

  const leavings: [string, (reader: AsyncIterator<number>) => unknown][] = [
    ['return', (reader) => reader.return?.()],
    ['throw', (reader) => expect(reader.throw?.('enough')).rejects.toBe('enough')],
  ];

  test.for(leavings)('that hangs holds up nobody: %s ends the waiting', async ([, leave]) => {
    const hanging = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }),
    };
    const reader = SharedStream.from<number>(hanging).subscribe();
    const waiting = [reader.next(), reader.next()];
    await leave(reader);
    for (const next of waiting) expect(await next).toEqual({ done: true, value: undefined });
  });

  test('that was never read is closed too', async () => {
    const cancel = vi.fn();
    const stream = SharedStream.from<number>(new ReadableStream({ cancel }));
    await stream.subscribe().return?.();
    await tick();
    expect(cancel).toHaveBeenCalledOnce();
  });

  test('stopped: a new reader gets what was kept, then STREAM_STOPPED', async () => {
    const stream = SharedStream.from(counter().source);
    for await (const item of stream.subscribe()) if (item === 1) break;
    const late = stream.subscribe();
    expect(await take(late, 2)).toEqual([0, 1]);
    await expect(late.next()).rejects.toMatchObject({ code: 'STREAM_STOPPED' });
  });
});

describe('the bound', () => {
  test('a stream of just so many items is kept', async () => {
    const stream = SharedStream.from(counter(3).source, { maxBuffered: 3 });
    expect(await collect(stream.subscribe())).toEqual([0, 1, 2]);
    expect(await collect(stream.subscribe())).toEqual([0, 1, 2]);
  });

  test('one item more and a new reader gets STREAM_TOO_LONG, the present ones go on', async () => {
    const stream = SharedStream.from(counter(5).source, { maxBuffered: 3 });
    const reader = stream.subscribe();
    await take(reader, 4);
    await expect(stream.subscribe().next()).rejects.toMatchObject({ code: 'STREAM_TOO_LONG' });
    expect(await collect(reader)).toEqual([4]);
    await expect(stream.subscribe().next()).rejects.toMatchObject({ code: 'STREAM_TOO_LONG' });
  });

  test('the fastest waits for the slowest, never more than the bound apart', async () => {
    const { seen, source } = counter();
    const stream = SharedStream.from(source, { maxBuffered: 3 });
    const [fast, slow] = [stream.subscribe(), stream.subscribe()];
    await take(fast, 3);
    const fourth = fast.next();
    await tick();
    expect(seen.produced).toBe(3);
    expect(await take(slow, 1)).toEqual([0]);
    expect(await fourth).toEqual({ done: false, value: 3 });
    expect(seen.produced).toBe(4);
  });

  test('is not touched by a new reader that came too late and never asks', async () => {
    const stream = SharedStream.from(counter(20).source, { maxBuffered: 2 });
    const reader = stream.subscribe();
    await take(reader, 3);
    stream.subscribe();
    expect(await collect(reader)).toEqual(Array.from({ length: 17 }, (_, place) => place + 3));
  });

  test('the leave of the slowest lets the others go on', async () => {
    const stream = SharedStream.from(counter(5).source, { maxBuffered: 2 });
    const [fast, slow] = [stream.subscribe(), stream.subscribe()];
    await take(fast, 2);
    const rest = collect(fast);
    await tick();
    await slow.return?.();
    expect(await rest).toEqual([2, 3, 4]);
  });
});

describe('an abort', () => {
  test('ends one reader at once with its reason, and only that one', async () => {
    const stream = SharedStream.from(counter(3).source);
    const controller = new AbortController();
    const [leaver, stayer] = [stream.subscribe({ signal: controller.signal }), stream.subscribe()];
    await take(leaver, 1);
    controller.abort('enough');
    await expect(leaver.next()).rejects.toBe('enough');
    expect(await leaver.next()).toEqual({ done: true, value: undefined });
    expect(await collect(stayer)).toEqual([0, 1, 2]);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test('before the start: nothing is produced', async () => {
    const open = vi.fn(() => counter().source);
    const reader = SharedStream.from(open).subscribe({ signal: AbortSignal.abort('no') });
    await expect(reader.next()).rejects.toBe('no');
    expect(open).not.toHaveBeenCalled();
  });

  test('leaves no listener when the stream ends by itself', async () => {
    const { signal } = new AbortController();
    await collect(SharedStream.from(counter(2).source).subscribe({ signal }));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

test('every reader sees a run from the first item on, whatever the others do', async () => {
  const step = fc.record({
    reader: fc.nat(4),
    act: fc.constantFrom('read', 'read', 'read', 'leave'),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60, size: 'max' }),
      fc.integer({ min: 1, max: 8 }),
      async (steps, maxBuffered) => {
        const stream = SharedStream.from(counter(30).source, { maxBuffered });
        const readers = new Map<number, { it: AsyncIterator<number>; got: number[] }>();
        for (const { reader, act } of steps) {
          if (!readers.has(reader)) readers.set(reader, { it: stream.subscribe(), got: [] });
          const { it, got } = readers.get(reader)!;
          if (act === 'leave') await it.return?.();
          // Not waited for: a fast reader may rightly stand still until a slow one moves.
          else
            it.next().then(
              ({ done, value }) => void (done !== true && got.push(value)),
              () => {},
            );
          await tick();
        }
        for (const { got } of readers.values()) {
          expect(got).toEqual(Array.from(got, (_, index) => index));
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('refuses what is no source, and a bound below 1', () => {
  expect(() => SharedStream.from([1] as never)).toThrow(TypeError);
  expect(() => SharedStream.from(counter().source, { maxBuffered: 0 })).toThrow(
    'Expected `maxBuffered` to be an integer from 1 up, got 0',
  );
});
