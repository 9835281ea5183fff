import { expect, test } from 'vitest';
import type { ChatChunk } from '../chat-model.ts';
import { StreamAnswer } from './stream-answer.ts';

const asked = { provider: 'openai', model: 'gpt-4o', redact: (text: string) => text };

function answerTo(...events: unknown[]): ChatChunk[] {
  const answer = new StreamAnswer(asked);
  const datas = events.map((event) => (typeof event === 'string' ? event : JSON.stringify(event)));
  const chunks = datas.flatMap((data) => answer.read({ name: '', data }));
  return [...chunks, ...answer.end()];
}

const delta = (fields: object, more: object = {}) => ({
  id: 'c',
  model: 'm',
  choices: [{ index: 0, delta: fields, ...more }],
});
const stop = delta({}, { finish_reason: 'stop' });

test('takes the first of several answers, wherever it stands', () => {
  const event = {
    choices: [
      { index: 1, delta: { content: 'other' } },
      { index: 0, delta: { content: 'ours' } },
    ],
  };
  const other = { choices: [{ index: 1, delta: {}, finish_reason: 'stop' }] };
  expect(
    answerTo(event, other, { choices: [{ index: 0, delta: {}, finish_reason: 'length' }] }),
  ).toEqual([
    { type: 'text', text: 'ours' },
    { type: 'finish', finishReason: 'length', model: 'gpt-4o', id: '' },
  ]);
});

test('numbers tool calls that come without an index', () => {
  const call = (id: string | undefined, text: string) =>
    delta({ tool_calls: [{ ...(id ? { id } : {}), function: { name: 'f', arguments: text } }] });
  const chunks = answerTo(call('a', '{'), call(undefined, '}'), call('b', '{}'), '[DONE]');
  expect(chunks.filter((chunk) => chunk.type === 'toolCall').map(({ index }) => index)).toEqual([
    0, 0, 1,
  ]);
  expect(chunks.at(-1)).toMatchObject({ finishReason: 'toolCalls' });
});

test('reads the text out of parts', () => {
  expect(
    answerTo(
      delta({
        content: [
          { type: 'thinking', thinking: [] },
          { type: 'text', text: 'a' },
        ],
      }),
      stop,
    ),
  ).toMatchObject([{ type: 'text', text: 'a' }, { type: 'finish' }]);
});

test.for(['reasoning_content', 'reasoning'])('reads thoughts in the field %s', (field) => {
  expect(answerTo(delta({ [field]: 'hm' }), delta({ [field]: null }), stop)).toMatchObject([
    { type: 'reasoning', text: 'hm' },
    { type: 'finish' },
  ]);
});

test('delivers a refusal as text, and says that it is one', () => {
  expect(answerTo(delta({ refusal: 'I can not.' }), stop)).toMatchObject([
    { type: 'text', text: 'I can not.' },
    { type: 'finish', finishReason: 'contentFilter' },
  ]);
});

test('gives the last of several usages, once', () => {
  const usage = (completion_tokens: number) => ({
    ...delta({ content: 'a' }),
    usage: { prompt_tokens: 1, completion_tokens, total_tokens: 1 + completion_tokens },
  });
  expect(answerTo(usage(1), usage(2), stop).filter((chunk) => chunk.type === 'usage')).toEqual([
    { type: 'usage', usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 } },
  ]);
});

test.for([{ usage: null }, { usage: {} }, { usage: { prompt_tokens: null } }, {}])(
  'tells no usage that it was not told (%j)',
  (more) => {
    expect(
      answerTo({ ...delta({ content: 'a' }), ...more }, stop).filter(
        (chunk) => chunk.type === 'usage',
      ),
    ).toEqual([]);
  },
);

test.for([{}, { choices: null }, { choices: [] }, { choices: [{ index: 0 }] }, { object: 'ping' }])(
  'passes over events without output (%j)',
  (event) => {
    expect(answerTo(event, delta({ content: 'a' }), stop)).toMatchObject([
      { type: 'text' },
      { type: 'finish' },
    ]);
  },
);

test('reads nothing behind [DONE]', () => {
  expect(answerTo(delta({ content: 'a' }), '[DONE]', 'garbage')).toMatchObject([
    { type: 'text' },
    { type: 'finish', finishReason: 'stop' },
  ]);
});

test('knows [DONE] with blanks behind it', () => {
  expect(answerTo(delta({ content: 'a' }), '[DONE] ').at(-1)).toMatchObject({ type: 'finish' });
});

test.for([
  ['an error', { error: 'boom' }],
  ['an error beside an empty choice', { ...delta({ content: '' }), error: { message: 'boom' } }],
  ['an error within the choice', delta({}, { finish_reason: 'error', error: { message: 'boom' } })],
  ['the words of Anthropic', { type: 'error', error: { message: 'boom' } }],
  ['the words of older vLLM', { object: 'error', message: 'boom', code: 500 }],
  ['the words of Cloudflare', { success: false, errors: [{ message: 'boom' }] }],
  ['the words of FastAPI', { detail: 'boom' }],
] as const)('is broken by an event that tells %s, though [DONE] follows', ([, event]) => {
  expect(() => answerTo(delta({ content: 'a' }), event, '[DONE]')).toThrow(/boom/);
});

test.for(['error', 'abort', 'insufficient_system_resource'])(
  'is not whole where it ended by %s',
  (finish_reason) => {
    expect(() => answerTo(delta({ content: 'a' }), delta({}, { finish_reason }))).toThrow(
      expect.objectContaining({ code: 'STREAM_CUT', recoverable: true }),
    );
  },
);

test.for([
  ['model_length', 'length'],
  ['max_tokens', 'length'],
  ['function_call', 'toolCalls'],
  ['of_their_own', 'of_their_own'],
])('ends by %s, which is %s', ([finish_reason, finishReason]) => {
  expect(answerTo(delta({ content: 'a' }, { finish_reason })).at(-1)).toMatchObject({
    finishReason,
  });
});

test('has the arguments of a tool as text, though they came parsed', () => {
  const event = delta({
    tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: { x: 1 } } }],
  });
  expect(answerTo(event, stop)[0]).toMatchObject({ argumentsDelta: '{"x":1}' });
});

test.for([
  { choices: {} },
  { choices: [null] },
  delta({ content: 5 }),
  delta({ content: [null] }),
  delta({ tool_calls: {} }),
  delta({ tool_calls: [null] }),
])('knows an event of another shape for a malformed one (%j)', (event) => {
  expect(() => answerTo(delta({ content: 'a' }), event, stop)).toThrow(
    expect.objectContaining({ code: 'STREAM_MALFORMED' }),
  );
});

test.for(['{"a":', 'null', '7', '"text"', '[]', ''])('knows %j for no event', (data) => {
  expect(() => answerTo(delta({ content: 'a' }), data)).toThrow(
    expect.objectContaining({ code: 'STREAM_MALFORMED' }),
  );
});

test('does without an event in which the body ended', () => {
  const answer = new StreamAnswer(asked);
  for (const event of [delta({ content: 'a' }), stop]) {
    answer.read({ name: '', data: JSON.stringify(event) });
  }
  for (const data of ['{"choices":[],"usa', '[DON']) {
    expect(answer.read({ name: '', data, last: true })).toEqual([]);
    expect(() => answer.read({ name: '', data })).toThrow(
      expect.objectContaining({ code: 'STREAM_MALFORMED' }),
    );
  }
  expect(answer.end()).toMatchObject([{ type: 'finish', finishReason: 'stop' }]);
});

test('is not whole without a finish marker, and no answer without a choice', () => {
  expect(() => answerTo(delta({ content: 'a' }))).toThrow(
    expect.objectContaining({ code: 'STREAM_CUT' }),
  );
  expect(() => answerTo('[DONE]')).toThrow(expect.objectContaining({ code: 'INVALID_RESPONSE' }));
});
