import { describe, expect, test } from 'vitest';
import { failureOf } from '../../test/read-all.ts';
import { Channel } from './channel.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));

async function all<T>(channel: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of channel) items.push(item);
  return items;
}

describe('a channel', () => {
  test('gives what was put, in order, and ends', async () => {
    const channel = new Channel<number>(async (put) => {
      for (let i = 0; i < 1000; i++) await put(i);
    });
    expect(await all(channel)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });

  test('gives what was put before a failure, then the failure, then nothing more', async () => {
    const channel = new Channel<number>(async (put) => {
      await put(1);
      throw new Error('broken');
    });
    expect(await channel.next()).toEqual({ done: false, value: 1 });
    expect(await failureOf(channel.next())).toMatchObject({ message: 'broken' });
    expect(await channel.next()).toEqual({ done: true, value: undefined });
  });

  test('asks a writer to wait who is too far ahead', async () => {
    let written = 0;
    const channel = new Channel<number>(async (put) => {
      for (; written < 10_000; written++) await put(written);
    });
    await channel.next();
    await settle();
    expect(written).toBeLessThan(300);
    expect(await all(channel)).toHaveLength(9999);
  });

  test('does not begin before the first pull', async () => {
    let began = false;
    const channel = new Channel<number>(async () => void (began = true));
    await settle();
    expect(began).toBe(false);
    await channel.next();
    expect(began).toBe(true);
  });

  test('aborts its writer when the reader leaves, also while he waits', async () => {
    let signal: AbortSignal | undefined;
    const channel = new Channel<number>((_, own) => {
      signal = own;
      return new Promise(() => {});
    });
    const pull = channel.next();
    await channel.return();
    expect(await pull).toEqual({ done: true, value: undefined });
    expect(signal?.aborted).toBe(true);
  });

  test('lets a writer go on who was waiting for a reader that left', async () => {
    let ended = false;
    const channel = new Channel<number>(async (put) => {
      for (let i = 0; i < 1000; i++) await put(i);
      ended = true;
    });
    await channel.next();
    await channel.return();
    await settle();
    expect(ended).toBe(true);
  });

  test('serves pulls that came before the items', async () => {
    let put!: (item: number) => void | Promise<void>;
    const channel = new Channel<number>((own) => {
      put = own;
      return new Promise(() => {});
    });
    const pulls = [channel.next(), channel.next()];
    await settle();
    await put(1);
    await put(2);
    expect(await Promise.all(pulls)).toMatchObject([{ value: 1 }, { value: 2 }]);
    await channel.return();
  });

  test("ends with the signal's reason, and drops what waits", async () => {
    const controller = new AbortController();
    const channel = new Channel<number>(async (put) => {
      await put(1);
      await put(2);
      await new Promise((_, reject) =>
        controller.signal.addEventListener('abort', () => reject(controller.signal.reason)),
      );
    }, controller.signal);
    await channel.next();
    controller.abort('enough');
    expect(await failureOf(channel.next())).toBe('enough');
    expect(await channel.next()).toEqual({ done: true, value: undefined });
  });
});
