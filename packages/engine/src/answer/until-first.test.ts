import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { failureOf, readAll } from '../../test/read-all.ts';
import { scriptedModel } from '../../test/scripted-model.ts';
import { ChatEngine } from '../chat-engine.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a model that says nothing', () => {
  test('is left after 10 s for the next one, and not asked again', async () => {
    const first = scriptedModel({ then: 'hang' }, { id: 'a' });
    const second = scriptedModel('here', { id: 'b' });
    const engine = new ChatEngine({ model: [first, second] });
    const seen = readAll(engine.streamResponse('hi'));
    await vi.advanceTimersByTimeAsync(9999);
    expect(second.asked).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    const { text, reply } = await seen;
    expect(text).toBe('here');
    expect(reply?.metadata.attempts).toMatchObject([
      { model: 'a', outcome: 'timeout', code: 'TIMEOUT' },
      { model: 'b', outcome: 'ok' },
    ]);
    expect(first.asked).toHaveLength(1);
    expect(first.stopped).toBe(1);
  });

  test('is a TimeoutError where no other one is left', async () => {
    const model = scriptedModel({ then: 'hang' });
    const seen = readAll(new ChatEngine({ model }).streamResponse('hi'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await seen).error).toMatchObject({
      code: 'TIMEOUT',
      timeoutMs: 10_000,
      recoverable: true,
    });
    expect(model.asked).toHaveLength(1);
  });

  test('may take 30 s for a whole plain call', async () => {
    const model = scriptedModel({ then: 'hang' });
    const failure = failureOf(new ChatEngine({ model }).getResponse('hi'));
    await vi.advanceTimersByTimeAsync(29_999);
    expect(model.running).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await failure).toMatchObject({ code: 'TIMEOUT', timeoutMs: 30_000 });
  });

  test('may be given more time than the others', async () => {
    const slow = scriptedModel({ then: 'hang' });
    const choice = { model: slow, timeouts: { firstTokenMs: 25_000 } };
    const seen = readAll(new ChatEngine({ model: choice }).streamResponse('hi'));
    await vi.advanceTimersByTimeAsync(24_999);
    expect(slow.running).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect((await seen).error).toMatchObject({ timeoutMs: 25_000 });
  });

  test('may not send signs of life longer than one attempt lasts', async () => {
    const model = { ...scriptedModel('x'), stream: () => empties(9000) };
    const seen = readAll(new ChatEngine({ model }).streamResponse('hi'));
    await vi.advanceTimersByTimeAsync(29_999);
    await vi.advanceTimersByTimeAsync(1);
    expect((await seen).error).toMatchObject({ code: 'TIMEOUT', timeoutMs: 30_000 });
  });
});

describe('a model that falls silent in the middle', () => {
  test('is left after 20 s, and another one recovers the answer', async () => {
    const first = scriptedModel({ says: ['one '], then: 'hang' }, { id: 'a' });
    const second = scriptedModel('one two', { id: 'b' });
    const seen = readAll(new ChatEngine({ model: [first, second] }).streamResponse('hi'));
    await vi.advanceTimersByTimeAsync(19_999);
    expect(second.asked).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect((await seen).text).toBe('one two');
    expect(first.asked).toHaveLength(1);
  });

  test('is asked again only if nobody else is left', async () => {
    const model = scriptedModel([{ says: ['one '], then: 'hang' }, 'one two']);
    const seen = readAll(new ChatEngine({ model }).streamResponse('hi'));
    await vi.advanceTimersByTimeAsync(20_000);
    expect((await seen).text).toBe('one two');
  });
});

test('an answer may take 120 s in all, whatever is tried for it', async () => {
  const model = ['a', 'b', 'c', 'd', 'e'].map((id) => scriptedModel({ then: 'hang' }, { id }));
  const failure = failureOf(new ChatEngine({ model }).getResponse('hi'));
  await vi.advanceTimersByTimeAsync(120_000);
  expect(await failure).toMatchObject({ code: 'TIMEOUT', timeoutMs: 120_000 });
});

test('no timer is left', async () => {
  const model = scriptedModel('one two three');
  const engine = new ChatEngine({ model });
  await readAll(engine.streamResponse('a'));
  await engine.getResponse('b');
  await engine.shutdown();
  expect(vi.getTimerCount()).toBe(0);
});

async function* empties(everyMs: number) {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, everyMs));
    yield { type: 'text', text: '' } as const;
  }
}
