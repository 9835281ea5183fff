import type OpenAI from 'openai';
import { expect, test } from 'vitest';
import { readReply } from './read-completion.ts';

const asked = { provider: 'openai', model: 'gpt-4o', redact: (text: string) => text };
const read = (reply: unknown) => readReply(reply as OpenAI.ChatCompletion, asked);
const saying = (message: object, more: object = {}) => ({
  choices: [{ message, finish_reason: 'stop', ...more }],
});

test.for([
  { choices: [], error: { code: 502, message: 'boom' } },
  { ...saying({ content: 'half' }), error: { code: 502, message: 'boom' } },
  saying({ content: 'half' }, { finish_reason: 'error', error: { code: 502, message: 'boom' } }),
  [{ error: { code: 502, message: 'boom' } }],
])('is no answer where it tells an error (%j)', (reply) => {
  expect(() => read(reply)).toThrow(expect.objectContaining({ httpStatus: 502 }));
});

test.for(['error', 'abort', 'insufficient_system_resource'])(
  'is not whole where it ended by %s',
  (finish_reason) => {
    expect(() => read(saying({ content: 'half' }, { finish_reason }))).toThrow(
      expect.objectContaining({ code: 'STREAM_CUT', recoverable: true }),
    );
  },
);

test.for([
  null,
  5,
  'text',
  [],
  {},
  { choices: {} },
  { choices: [null] },
  { choices: [{ message: null }] },
  saying({ content: 5 }),
  saying({ content: [null] }),
  saying({ tool_calls: [{ id: 'a' }] }),
])('is none where it has another shape (%j)', (reply) => {
  expect(() => read(reply)).toThrow(expect.objectContaining({ code: 'INVALID_RESPONSE' }));
});

test.for([
  ['parsed', { x: 1 }, '{"x":1}'],
  ['as text', '{"x":1}', '{"x":1}'],
  ['not at all', undefined, ''],
])('has the arguments of a tool as text, though they came %s', ([, given, text]) => {
  const call = { function: { name: 'f', arguments: given } };
  expect(read(saying({ content: null, tool_calls: [call] })).toolCalls).toEqual([
    { id: '', name: 'f', arguments: text },
  ]);
});
