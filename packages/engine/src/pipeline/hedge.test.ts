import { ServiceError } from '@kortana/errors';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readAll } from '../../test/read-all.ts';
import { scriptedModel, type Step } from '../../test/scripted-model.ts';
import { ChatEngine } from '../chat-engine.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const engineOf = (steps: Step[]) => {
  const model = scriptedModel(steps);
  return { model, engine: new ChatEngine({ model, hedgeAfterMs: 500 }) };
};

test('a model that is slow to begin is asked a second time, and the slower call is aborted', async () => {
  const { model, engine } = engineOf([{ then: 'hang' }, 'second']);
  const reply = engine.getResponse('hi');
  await vi.advanceTimersByTimeAsync(499);
  expect(model.asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  const { content, metadata } = await reply;
  expect(content).toBe('second');
  expect(metadata.attempts.map(({ outcome }) => outcome)).toEqual(['aborted', 'ok']);
  await vi.advanceTimersByTimeAsync(0);
  expect(metadata.attempts).toHaveLength(2);
  expect(model.running).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

test('whichever stream says the first word wins, and only that one is heard', async () => {
  const { model, engine } = engineOf([{ then: 'hang' }, { says: ['one ', 'two'] }]);
  const seen = readAll(engine.streamResponse('hi'));
  await vi.advanceTimersByTimeAsync(500);
  const { text, reply } = await seen;
  expect(text).toBe('one two');
  expect(reply?.metadata.attempts.map(({ outcome }) => outcome)).toEqual(['aborted', 'ok']);
  expect(model.stopped).toBe(1);
});

test('a model that has begun is not asked a second time', async () => {
  const { model, engine } = engineOf([{ says: ['one '], then: 'hang' }, 'other']);
  const stream = engine.streamResponse('hi');
  expect((await stream.next()).value).toEqual({ type: 'text', text: 'one ' });
  await vi.advanceTimersByTimeAsync(5000);
  expect(model.asked).toHaveLength(1);
  await stream.return?.();
});

test('a failure is for the retry, with its pause', async () => {
  const down = new ServiceError('down', { httpStatus: 503 });
  const model = scriptedModel([down, 'here']);
  const engine = new ChatEngine({ model, hedgeAfterMs: 500, random: () => 1 });
  const reply = engine.getResponse('hi');
  await vi.advanceTimersByTimeAsync(999);
  expect(model.asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect((await reply).content).toBe('here');
});

test('if both fail, the first error is the answer', async () => {
  const bad = new ServiceError('bad', { httpStatus: 400 });
  const before = () => new Promise<void>((resolve) => setTimeout(resolve, 1000));
  const model = scriptedModel([bad, new Error('other')], { before });
  const seen = readAll(new ChatEngine({ model, hedgeAfterMs: 500 }).streamResponse('hi'));
  await vi.advanceTimersByTimeAsync(2000);
  expect((await seen).error).toBe(bad);
});

test('second calls are extra load, and bounded as such', async () => {
  let now = 0;
  const before = () => new Promise<void>((resolve) => setTimeout(resolve, 1000));
  const model = scriptedModel('late', { before });
  const engine = new ChatEngine({
    model,
    hedgeAfterMs: 500,
    cache: false,
    clock: { now: () => now },
  });
  const replies = Array.from({ length: 100 }, (_, i) => engine.getResponse(`question ${i}`));
  await vi.advanceTimersByTimeAsync(2000);
  now += 1;
  await Promise.all(replies);
  expect(model.asked).toHaveLength(120);
});

test('second calls count among those that one request may make', async () => {
  const model = scriptedModel([{ then: 'hang' }, 'second']);
  const engine = new ChatEngine({ model, hedgeAfterMs: 500, maxCalls: 1 });
  const failure = engine.getResponse('hi').catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await failure).toMatchObject({ code: 'TIMEOUT' });
  expect(model.asked).toHaveLength(1);
});
