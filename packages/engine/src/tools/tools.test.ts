import { ServiceError } from '@kortana/errors';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { failureOf, readAll } from '../../test/read-all.ts';
import { scriptedModel, type Step } from '../../test/scripted-model.ts';
import { ChatEngine } from '../chat-engine.ts';
import { tool } from './tool.ts';

afterEach(() => void vi.useRealTimers());

const add = tool({
  name: 'add',
  description: 'Adds two numbers',
  parameters: z.object({ a: z.number(), b: z.number() }),
  run: ({ a, b }) => a + b,
});
const wants = (args: string, name = 'add', id = 'c1'): Step => ({
  calls: [{ id, name, arguments: args }],
});

/** What the model was told by the tool, in its last request. */
const toldTo = (model: ReturnType<typeof scriptedModel>): string =>
  String(model.asked.at(-1)?.messages.findLast(({ role }) => role === 'tool')?.content);

describe('a tool', () => {
  test('is run with the arguments of the model, who gets the result', async () => {
    const model = scriptedModel([wants('{"a":2,"b":2}'), 'It is 4.']);
    const engine = new ChatEngine({ model, tools: [add] });
    const { content, metadata } = await engine.getResponse('2+2?');
    expect(content).toBe('It is 4.');
    expect(model.asked[0]?.tools).toMatchObject([
      { name: 'add', parameters: { type: 'object', required: ['a', 'b'] } },
    ]);
    expect(model.asked[1]?.messages).toEqual([
      { role: 'user', content: '2+2?' },
      {
        role: 'assistant',
        content: '',
        toolCalls: [{ id: 'c1', name: 'add', arguments: '{"a":2,"b":2}' }],
      },
      { role: 'tool', content: '4', toolCallId: 'c1' },
    ]);
    expect(metadata.attempts).toHaveLength(2);
    expect(metadata.usage?.totalTokens).toBe(10);
  });

  test('works in a stream, whose text is the content of the reply', async () => {
    const model = scriptedModel([
      { says: ['Let me see.'], calls: [{ id: 'c1', name: 'add', arguments: '{"a":1,"b":1}' }] },
      'It is 2.',
    ]);
    const seen = await readAll(new ChatEngine({ model, tools: [add] }).streamResponse('1+1?'));
    expect(seen.text).toBe('Let me see.\n\nIt is 2.');
    expect(seen.reply?.content).toBe(seen.text);
    expect(seen.events.some(({ type }) => type === 'toolCall')).toBe(true);
  });

  test('costs what was asked for, also if the last words came from the cache', async () => {
    const model = scriptedModel([wants('{"a":2,"b":2}'), 'It is 4.', wants('{"a":2,"b":2}')]);
    const engine = new ChatEngine({ model, tools: [add] });
    await engine.getResponse('2+2?');
    const { content, metadata } = await engine.getResponse('2+2?');
    expect(content).toBe('It is 4.');
    expect(metadata).toMatchObject({ source: 'live', usage: { totalTokens: 5 } });
    expect(metadata.attempts).toHaveLength(1);
  });

  test('is remembered with its call and its result', async () => {
    const model = scriptedModel([wants('{"a":2,"b":2}'), 'It is 4.', 'Yes.']);
    const engine = new ChatEngine({ model, tools: [add] });
    await engine.getResponse('2+2?', { sessionId: 's' });
    await engine.getResponse('Sure?', { sessionId: 's' });
    expect(model.asked[2]?.messages.map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'tool',
      'assistant',
      'user',
    ]);
  });
});

describe('the model is told, and may do better, when', () => {
  test.for<[string, Step, string]>([
    ['its arguments have the wrong shape', wants('{"a":"x"}'), 'Wrong arguments'],
    ['its arguments are no JSON', wants('{"a":'), 'not JSON'],
    ['there is no such tool', wants('{}', 'subtract'), 'no tool called subtract'],
  ])('%s', async ([, step, words]) => {
    const model = scriptedModel([step, 'Sorry.']);
    const engine = new ChatEngine({ model, tools: [add] });
    expect((await engine.getResponse('go')).content).toBe('Sorry.');
    expect(toldTo(model)).toContain(words);
  });

  test('the tool throws', async () => {
    const broken = tool({ ...options, run: () => Promise.reject(new Error('no database')) });
    const model = scriptedModel([wants('{}', 'broken'), 'Sorry.']);
    const engine = new ChatEngine({ model, tools: [broken] });
    await engine.getResponse('go');
    expect(toldTo(model)).toBe('{"error":"no database"}');
    expect(engine.metrics.getCounters()['tools_failed']).toBe(1);
  });

  test('the tool takes too long', async () => {
    vi.useFakeTimers();
    let stopped = false;
    const slow = tool({
      ...options,
      timeoutMs: 1000,
      run: (_, { signal }) =>
        new Promise(() => signal.addEventListener('abort', () => (stopped = true))),
    });
    const model = scriptedModel([wants('{}', 'broken'), 'Sorry.']);
    const reply = new ChatEngine({ model, tools: [slow] }).getResponse('go');
    await vi.advanceTimersByTimeAsync(1000);
    expect((await reply).content).toBe('Sorry.');
    expect(toldTo(model)).toContain('1000 ms');
    expect(stopped).toBe(true);
  });
});

const options = { name: 'broken', description: 'Is broken', parameters: z.object({}) };

test('the loop is bounded', async () => {
  const model = scriptedModel(wants('{"a":1,"b":1}'));
  const engine = new ChatEngine({ model, tools: [add], maxToolRounds: 3 });
  expect(await failureOf(engine.getResponse('go'))).toMatchObject({ code: 'TOO_MANY_TOOL_ROUNDS' });
  expect(model.asked).toHaveLength(4);
});

test('all rounds and tools together have the time of one request', async () => {
  vi.useFakeTimers();
  const slow = tool({
    ...options,
    run: () => new Promise((resolve) => setTimeout(resolve, 400)),
  });
  const model = scriptedModel(wants('{}', 'broken'));
  const engine = new ChatEngine({ model, tools: [slow], timeouts: { totalMs: 1000 } });
  const failure = failureOf(engine.getResponse('go'));
  await vi.advanceTimersByTimeAsync(1000);
  expect(await failure).toMatchObject({ code: 'TIMEOUT', timeoutMs: 1000 });
  expect(model.asked).toHaveLength(3);
  await vi.runAllTimersAsync();
  expect(model.asked).toHaveLength(3);
});

test('each round has the calls and the retries of a request of its own', async () => {
  const down = new ServiceError('down', { httpStatus: 503 });
  const rounds = Array.from({ length: 7 }, (_, i) => wants(`{"a":${i},"b":1}`));
  const model = scriptedModel([...rounds, down, 'Done.']);
  const engine = new ChatEngine({ model, tools: [add], retry: { initialDelayMs: 0 } });
  const { content, metadata } = await engine.getResponse('go');
  expect(content).toBe('Done.');
  expect(metadata.attempts).toHaveLength(9);
});

test('the abort of the caller ends a tool, and is no failure of it', async () => {
  const controller = new AbortController();
  const waits = tool({
    ...options,
    run: (_, { signal }) => {
      queueMicrotask(() => controller.abort('enough'));
      return new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      );
    },
  });
  const engine = new ChatEngine({ model: scriptedModel(wants('{}', 'broken')), tools: [waits] });
  const failure = failureOf(engine.getResponse('go', { signal: controller.signal }));
  expect(await failure).toBe('enough');
  expect(engine.metrics.getCounters()['tools_failed']).toBeUndefined();
});

test.for(['', 'two words', 'x'.repeat(65)])('%j is no name for a tool', (name) => {
  expect(() => tool({ ...options, name, run: () => 1 })).toThrow(RangeError);
});

test.for<[string, object | undefined]>([
  ['options', undefined],
  ['name', { name: 7 }],
  ['description', { description: undefined }],
  ['parameters', { parameters: {} }],
  ['run', { run: 'now' }],
  ['timeoutMs', { timeoutMs: '1' }],
])('a wrong `%s` of a tool is a TypeError', ([name, wrong]) => {
  const make = () => tool((wrong && { ...options, run: () => 1, ...wrong }) as never);
  expect(make).toThrow(TypeError);
  expect(make).toThrow(`\`${name}\``);
});
