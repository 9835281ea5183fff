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

test.for(['{"a":', 'null', '7', '"text"', ''])('knows %j for no event', (data) => {
  expect(() => answerTo(delta({ content: 'a' }), data)).toThrow(
    expect.objectContaining({ code: 'STREAM_MALFORMED' }),
  );
});

test('is not whole without a finish marker, and no answer without a choice', () => {
  expect(() => answerTo(delta({ content: 'a' }))).toThrow(
    expect.objectContaining({ code: 'STREAM_CUT' }),
  );
  expect(() => answerTo('[DONE]')).toThrow(expect.objectContaining({ code: 'INVALID_RESPONSE' }));
});
