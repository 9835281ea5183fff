import { getEventListeners } from 'node:events';
import { TimeoutError } from '@kortana/errors';
import { describe, expect, test, vi } from 'vitest';
import type { ChatChunk, ChatModel } from '../chat-model.ts';
import { offlineModel } from '../offline/offline-model.ts';
import { modelContract } from '../testing/model-contract.ts';
import { read } from '../testing/read.ts';
import { boundModel } from './bound-model.ts';

const request = { messages: [{ role: 'user', content: 'hi' } as const] };

/** Gives its chunks, then nothing for ever; it heeds neither limits nor aborts. */
function deaf(chunks: ChatChunk[] = []): ChatModel & { closed: number } {
  const never = new Promise<never>(() => undefined);
  return {
    id: 'deaf',
    provider: 'test',
    scope: 'a-scope-of-sixteen',
    closed: 0,
    complete: () => never,
    stream() {
      const left = [...chunks];
      return {
        [Symbol.asyncIterator]: () => ({
          next: () =>
            left.length > 0 ? Promise.resolve({ done: false, value: left.shift()! }) : never,
          return: () => {
            this.closed += 1;
            return never;
          },
        }),
      };
    },
  };
}

describe('a model that keeps no limits', () => {
  const plain: ChatModel = {
    id: 'plain',
    provider: 'test',
    scope: 'a-scope-of-sixteen',
    complete: (asked) => offlineModel().complete(asked),
    stream: (asked) => offlineModel().stream(asked),
  };
  test.for(modelContract(() => ({ model: boundModel(plain) })))(
    'keeps the contract: $name',
    async ({ run }) => {
      await expect(run()).resolves.toBeUndefined();
    },
  );

  test('ends by each limit', async () => {
    const bound = boundModel(deaf([{ type: 'text', text: 'a' }]));
    const silent = boundModel(deaf());
    const endings = await Promise.allSettled([
      silent.complete(request, { timeoutMs: 20 }),
      read(silent.stream(request, { timeoutMs: 20 })),
      read(silent.stream(request, { firstTokenTimeoutMs: 20 })),
      read(bound.stream(request, { idleTimeoutMs: 20, firstTokenTimeoutMs: 10_000 })),
    ]);
    const reasons = endings.map(
      (ending) => ending.status === 'rejected' && (ending.reason as TimeoutError),
    );
    expect(reasons.map((reason) => TimeoutError.isInstance(reason) && reason.operation)).toEqual([
      'total',
      'total',
      'first token',
      'idle',
    ]);
  });

  test('ends by an abort, and is told to end', async () => {
    const model = deaf([{ type: 'text', text: 'a' }]);
    const controller = new AbortController();
    const reading = read(boundModel(model).stream(request, { signal: controller.signal }));
    const answering = boundModel(model).complete(request, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    await expect(answering).rejects.toThrow('enough');
    expect(model.closed).toBe(1);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  test('leaves nothing behind where it throws instead of answering', async () => {
    const { signal } = new AbortController();
    const thrower = deaf();
    thrower.complete = () => {
      throw new Error('complete');
    };
    thrower.stream = () => {
      throw new Error('stream');
    };
    const bound = boundModel(thrower);
    vi.useFakeTimers();
    try {
      await expect(bound.complete(request, { signal, timeoutMs: 50 })).rejects.toThrow('complete');
      await expect(read(bound.stream(request, { signal, timeoutMs: 50 }))).rejects.toThrow(
        'stream',
      );
      expect(vi.getTimerCount()).toBe(0);
      expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test('is left with its own error, though it throws when it is told to end', async () => {
    const stubborn = deaf();
    stubborn.stream = () => ({
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.reject(new Error('broken')),
        return: () => {
          throw new Error('stubborn');
        },
      }),
    });
    await expect(read(boundModel(stubborn).stream(request))).rejects.toThrow('broken');
  });

  test('may answer at once', async () => {
    const prompt = deaf();
    const answer = await offlineModel().complete(request);
    prompt.complete = (() => answer) as never;
    expect(await boundModel(prompt).complete(request)).toBe(answer);
  });

  test('lets a reader leave while he waits', async () => {
    const model = deaf();
    const iterator = boundModel(model).stream(request)[Symbol.asyncIterator]();
    const pending = iterator.next();
    await iterator.return?.();
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(model.closed).toBe(1);
  });
});

test('a model that keeps them itself comes back as it is', () => {
  const model = offlineModel();
  expect(boundModel(model)).toBe(model);
});
