import { RetryBudget } from '@kortana/async';
import { ModelError, ServiceError, TimeoutError } from '@kortana/errors';
import { describe, expect, test } from 'vitest';
import { readAll } from '../../test/read-all.ts';
import { scriptedModel } from '../../test/scripted-model.ts';
import { ChatEngine } from '../chat-engine.ts';

const atOnce = { retry: { initialDelayMs: 0 } };
const cut = { says: ['The quick ', 'brown '], then: 'cut' as const };
const whole = 'The quick brown fox jumps.';

describe('an answer that broke off', () => {
  test('is begun anew, and what was sent is not sent again', async () => {
    const model = scriptedModel([cut, whole]);
    const engine = new ChatEngine({ model, ...atOnce });
    const seen = await readAll(engine.streamResponse('hi'));
    expect(seen.text).toBe(whole);
    expect(seen.reply?.content).toBe(whole);
    expect(seen.reply?.metadata.attempts.map(({ outcome }) => outcome)).toEqual(['error', 'ok']);
    expect(model.asked).toHaveLength(2);
  });

  test('goes on although the new one is cut into other pieces', async () => {
    const model = scriptedModel([cut, { says: ['T', 'he quick brow', 'n f', 'ox jumps.'] }]);
    const seen = await readAll(new ChatEngine({ model, ...atOnce }).streamResponse('hi'));
    expect(seen.text).toBe(whole);
  });

  test('is an error if the new one differs in what was sent', async () => {
    const model = scriptedModel([cut, 'The slow brown fox jumps.']);
    const seen = await readAll(new ChatEngine({ model, ...atOnce }).streamResponse('hi'));
    expect(seen.text).toBe('The quick brown ');
    expect(seen.reply).toBeUndefined();
    expect(seen.error).toMatchObject({ code: 'STREAM_DIVERGED' });
  });

  test('is an error if the new one ends before what was sent', async () => {
    const model = scriptedModel([cut, 'The quick ']);
    const seen = await readAll(new ChatEngine({ model, ...atOnce }).streamResponse('hi'));
    expect(seen.error).toMatchObject({ code: 'STREAM_DIVERGED' });
  });

  test('may break off again further on', async () => {
    const further = { says: ['The quick brown ', 'fox '], then: 'cut' as const };
    const model = scriptedModel([cut, further, whole]);
    const seen = await readAll(new ChatEngine({ model, ...atOnce }).streamResponse('hi'));
    expect(seen.text).toBe(whole);
  });

  test('is given up with the error that broke it, after a bounded number of calls', async () => {
    const model = scriptedModel(cut);
    const seen = await readAll(new ChatEngine({ model, ...atOnce }).streamResponse('hi'));
    expect(seen.text).toBe('The quick brown ');
    expect(seen.error).toMatchObject({ code: 'STREAM_CUT' });
    expect(model.asked.length).toBeLessThanOrEqual(6);
  });

  test('is recovered by another model that says the same', async () => {
    const first = scriptedModel([cut, new ServiceError('down', { httpStatus: 503 })], { id: 'a' });
    const second = scriptedModel(whole, { id: 'b' });
    const engine = new ChatEngine({ model: [first, second], ...atOnce });
    const seen = await readAll(engine.streamResponse('hi'));
    expect(seen.text).toBe(whole);
    expect(seen.reply?.metadata).toMatchObject({ source: 'fallback', model: 'b' });
  });

  test('says so in its receipt: what the first model lacked, also where it is not asked again', async () => {
    const silent = new TimeoutError('silent');
    const first = scriptedModel({ says: ['The quick brown '], then: silent }, { id: 'a' });
    const second = scriptedModel(whole, { id: 'b' });
    const engine = new ChatEngine({ model: [first, second], ...atOnce });
    const { reply } = await readAll(engine.streamResponse('hi'));
    expect(reply?.metadata).toMatchObject({
      source: 'fallback',
      attempts: [
        { model: 'a', outcome: 'timeout' },
        { model: 'b', outcome: 'ok' },
      ],
      degraded: [{ part: 'model.primary', reason: 'timeout', code: 'TIMEOUT' }],
    });
  });

  test('and is given whole by the first model in the end lacked nothing', async () => {
    const first = scriptedModel([cut, whole], { id: 'a' });
    const engine = new ChatEngine({ model: [first, scriptedModel('x', { id: 'b' })], ...atOnce });
    const { reply } = await readAll(engine.streamResponse('hi'));
    expect(reply?.metadata).toMatchObject({ source: 'live', degraded: [] });
  });

  test('is not glued to what another model had said before: that is compared, too', async () => {
    const first = scriptedModel([cut, new ServiceError('down', { httpStatus: 503 })], { id: 'a' });
    const second = scriptedModel(whole, { id: 'b' });
    const engine = new ChatEngine({ model: [first, second], retry: { maxAttempts: 1 } });
    await engine.getResponse('hi', { model: 'b' });
    const seen = await readAll(engine.streamResponse('hi'));
    expect(seen.text).toBe(whole);
    expect(seen.reply?.content).toBe(whole);
  });

  test('is not begun anew by a model that was silent', async () => {
    const silent = scriptedModel(new TimeoutError('silent'), { id: 'a' });
    const second = scriptedModel([cut, whole], { id: 'b' });
    const engine = new ChatEngine({ model: [silent, second], ...atOnce });
    expect((await readAll(engine.streamResponse('hi'))).text).toBe(whole);
    expect(silent.asked).toHaveLength(1);
  });

  test('is given up where the budget for extra calls is spent', async () => {
    const model = scriptedModel([cut, whole]);
    const budget = new RetryBudget({ ratio: 0, minPerSecond: 0 });
    const engine = new ChatEngine({ model, retry: { budget } });
    expect((await readAll(engine.streamResponse('hi'))).error).toMatchObject({
      code: 'STREAM_CUT',
    });
    expect(model.asked).toHaveLength(1);
  });

  test('is never remembered nor kept if it stayed broken', async () => {
    const model = scriptedModel([cut, 'Something else', whole]);
    const engine = new ChatEngine({ model, ...atOnce });
    await readAll(engine.streamResponse('hi', { sessionId: 's' }));
    const again = await engine.getResponse('hi', { sessionId: 's' });
    expect(again.metadata.source).toBe('live');
    expect(model.asked.at(-1)?.messages).toEqual([{ role: 'user', content: 'hi' }]);
  });

  test('is not recovered where the content was refused', async () => {
    const refusal = new ModelError('no', { code: 'CONTENT_POLICY', recoverable: false });
    const model = scriptedModel([{ says: ['The '], then: refusal }, whole]);
    const seen = await readAll(new ChatEngine({ model, ...atOnce }).streamResponse('hi'));
    expect(seen.error).toBe(refusal);
    expect(model.asked).toHaveLength(1);
  });
});

describe('a model that takes a prefill', () => {
  const first = () => scriptedModel(cut, { id: 'a' });

  test('is asked to go on where the answer stands', async () => {
    const second = scriptedModel('fox jumps.', { id: 'b' });
    const engine = new ChatEngine({
      model: [first(), { model: second, prefill: true }],
      ...atOnce,
    });
    const seen = await readAll(engine.streamResponse('hi'));
    expect(seen.text).toBe(whole);
    expect(seen.reply?.content).toBe(whole);
    expect(seen.reply?.metadata).toMatchObject({ model: 'b', source: 'fallback' });
    expect(second.asked[0]?.messages).toEqual([
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: 'The quick brown ' },
    ]);
  });

  test('gets the fields that its provider wants for it', async () => {
    const second = scriptedModel('fox jumps.', { id: 'b' });
    const prefill = { extra: { continue_final_message: true } };
    const engine = new ChatEngine({ model: [first(), { model: second, prefill }], ...atOnce });
    await readAll(engine.streamResponse('hi'));
    expect(second.asked[0]?.extra).toEqual({ continue_final_message: true });
  });

  test('may refuse it: the answer is begun anew', async () => {
    const refusal = new ServiceError('prefill is not supported', { httpStatus: 400 });
    const second = scriptedModel([refusal, whole], { id: 'b' });
    const one = scriptedModel([cut, new ServiceError('down', { httpStatus: 503 })], { id: 'a' });
    const engine = new ChatEngine({ model: [one, { model: second, prefill: true }], ...atOnce });
    const seen = await readAll(engine.streamResponse('hi'));
    expect(seen.text).toBe(whole);
    expect(second.asked).toHaveLength(2);
    expect(second.asked[1]?.messages).toHaveLength(1);
  });

  test('has not the last word with its refusal', async () => {
    const second = scriptedModel(new ServiceError('no prefill', { httpStatus: 400 }), { id: 'b' });
    const engine = new ChatEngine({
      model: [first(), { model: second, prefill: true }],
      ...atOnce,
    });
    const seen = await readAll(engine.streamResponse('hi'));
    expect(seen.error).toMatchObject({ code: 'STREAM_CUT' });
  });

  test('is not sent one unless it says that it takes one', async () => {
    const second = scriptedModel('fox jumps.', { id: 'b' });
    const engine = new ChatEngine({ model: [first(), second], ...atOnce, maxCalls: 20 });
    const seen = await readAll(engine.streamResponse('hi'));
    expect(seen.error).toMatchObject({ code: 'STREAM_DIVERGED' });
    for (const { messages } of second.asked) expect(messages).toHaveLength(1);
  });

  test('does not leave its half of the answer in the cache', async () => {
    const second = scriptedModel('fox jumps.', { id: 'b' });
    const engine = new ChatEngine({
      model: [first(), { model: second, prefill: true }],
      ...atOnce,
    });
    await readAll(engine.streamResponse('hi'));
    const again = await readAll(engine.streamResponse('hi'));
    expect(again.text).toBe(whole);
    expect(again.reply?.metadata.source).toBe('fallback');
    // Neither as an answer of the one that finished it.
    expect((await engine.getResponse('hi', { model: 'b' })).metadata.source).toBe('live');
  });
});

describe('before the first real piece', () => {
  test('nobody sees that another model had to step in', async () => {
    const empty = { says: ['', ''], then: 'cut' as const };
    const model = [scriptedModel(empty, { id: 'a' }), scriptedModel(whole, { id: 'b' })];
    const seen = await readAll(new ChatEngine({ model, ...atOnce }).streamResponse('hi'));
    expect(seen.text).toBe(whole);
    expect(seen.events.every((event) => event.type !== 'text' || event.text !== '')).toBe(true);
  });

  test('thoughts bind nobody, and are not told twice', async () => {
    const thinking = { thinks: ['Hm, ', 'let me'], then: 'cut' as const };
    const model = scriptedModel([thinking, { thinks: ['Now I know'], says: [whole] }]);
    const seen = await readAll(new ChatEngine({ model, ...atOnce }).streamResponse('hi'));
    expect(seen.text).toBe(whole);
    const thoughts = seen.events.flatMap((event) => (event.type === 'reasoning' ? event.text : []));
    expect(thoughts.join('')).toBe('Hm, let me');
  });
});

test('a broken tool call is not continued: nobody can be asked to finish half a call', async () => {
  const call = { id: 'x1', name: 'add', arguments: '{"a":1}' };
  const model = scriptedModel([
    { calls: [{ ...call, arguments: '{"a"' }], then: 'cut' },
    { calls: [call] },
  ]);
  const engine = new ChatEngine({ model: { model, prefill: true }, ...atOnce });
  const messages = [{ role: 'user' as const, content: 'add' }];
  for await (const _ of engine.stream({ messages }));
  expect(model.asked.map((request) => request.messages)).toEqual([messages, messages]);
});

test('a broken tool call that the new answer does not make is an error, never half a call', async () => {
  const half = { calls: [{ id: 'x1', name: 'add', arguments: '{"a"' }], then: 'cut' as const };
  const model = scriptedModel([half, 'No tool is needed.']);
  const engine = new ChatEngine({ model, ...atOnce });
  const read = async (): Promise<void> => {
    for await (const _ of engine.stream({ messages: [{ role: 'user', content: 'add' }] }));
  };
  await expect(read()).rejects.toMatchObject({ code: 'STREAM_DIVERGED' });
});

test('a broken tool call is begun anew and fits what was sent', async () => {
  const call = { id: 'x1', name: 'add', arguments: '{"a":1}' };
  const model = scriptedModel([
    { calls: [{ ...call, arguments: '{"a"' }], then: 'cut' },
    { calls: [{ ...call, id: 'x2' }] },
  ]);
  const engine = new ChatEngine({ model, ...atOnce });
  let args = '';
  let ids = '';
  for await (const chunk of engine.stream({ messages: [{ role: 'user', content: 'add' }] })) {
    if (chunk.type !== 'toolCall') continue;
    args += chunk.argumentsDelta ?? '';
    ids += chunk.id ?? '';
  }
  expect({ args, ids }).toEqual({ args: '{"a":1}', ids: 'x1' });
});
