import { getEventListeners } from 'node:events';
import { expect, test, vi } from 'vitest';
import { abortable } from './abortable.ts';

test('drops a value that comes after the abort, however soon', async () => {
  const controller = new AbortController();
  const work = abortable(controller.signal, async () => {
    controller.abort('first');
    return 'second';
  });
  await expect(work).rejects.toBe('first');
});

test('keeps a value that was there before the abort', async () => {
  const controller = new AbortController();
  const work = abortable(controller.signal, async () => 'first');
  controller.abort('second');
  await expect(work).resolves.toBe('first');
});

test('starts nothing on an aborted signal', async () => {
  const work = vi.fn();
  await expect(abortable(AbortSignal.abort('no'), work)).rejects.toBe('no');
  expect(work).not.toHaveBeenCalled();
});

test('leaves no listener, however it ends', async () => {
  const { signal } = new AbortController();
  await abortable(signal, () => 1);
  await abortable(signal, () => Promise.reject(new Error('x'))).catch(() => {});
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
