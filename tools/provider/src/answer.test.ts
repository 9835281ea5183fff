import { expect, test } from 'vitest';
import { answerTo } from './answer.ts';
import type { ChatRequestBody } from './chat-request.ts';

const ask = (content: string, more: Partial<ChatRequestBody> = {}) =>
  answerTo({ model: 'm', messages: [{ role: 'user', content }], ...more });

test('says what it is told to, or so many words', () => {
  expect(ask('[[say: exactly this]] not that').content).toBe('exactly this');
  expect(ask('[[words: 3]]').content).toBe('word1 word2 word3');
});

test('computes', () => {
  expect(ask('What is 2+2?').content).toBe('4');
  expect(ask('7 * -6').content).toBe('-42');
  expect(ask('9/2').content).toBe('4.5');
});

test('remembers the first message', () => {
  const messages = ['I have a cat', 'ok', 'What did I say first?'].map((content) => ({
    role: 'user',
    content,
  }));
  expect(answerTo({ model: 'm', messages }).content).toBe('You said first: I have a cat');
});

test('calls a tool that is required, chosen or named, and not again after its result', () => {
  const tools = ['f', 'weather'].map((name) => ({
    type: 'function',
    function: { name, parameters: { type: 'object', properties: { a: { type: 'integer' } } } },
  }));
  const call = (name: string) => [{ name, arguments: '{"a":1}' }];
  expect(ask('hi', { tools, tool_choice: 'required' }).toolCalls).toEqual(call('f'));
  expect(ask('the weather?', { tools }).toolCalls).toEqual(call('weather'));
  expect(
    ask('hi', { tools, tool_choice: { type: 'function', function: { name: 'weather' } } })
      .toolCalls,
  ).toEqual(call('weather'));
  expect(ask('the weather?', { tools, tool_choice: 'none' }).toolCalls).toBeUndefined();
  const messages = [
    { role: 'user', content: 'the weather?' },
    { role: 'tool', tool_call_id: '1', content: 'sun' },
  ];
  expect(answerTo({ model: 'm', messages, tools }).toolCalls).toBeUndefined();
});

test('fills a schema', () => {
  const schema = {
    type: 'object',
    properties: {
      text: { type: 'string', minLength: 6 },
      kind: { enum: ['a', 'b'] },
      count: { type: 'integer', minimum: 3 },
      list: { type: 'array', items: { $ref: '#/$defs/item' }, minItems: 2 },
      maybe: { anyOf: [{ type: 'null' }, { type: 'string' }] },
      fixed: { const: 7 },
    },
    $defs: { item: { type: 'boolean' } },
  };
  const { content } = ask('go', {
    response_format: { type: 'json_schema', json_schema: { schema } },
  });
  expect(JSON.parse(content)).toEqual({
    text: 'textxx',
    kind: 'a',
    count: 3,
    list: [true, true],
    maybe: null,
    fixed: 7,
  });
});

test('echoes parts of a message like a text', () => {
  const content = [
    { type: 'text', text: 'a picture' },
    { type: 'image_url', image_url: { url: 'data:' } },
  ];
  expect(answerTo({ model: 'm', messages: [{ role: 'user', content }] }).content).toBe(
    'You said: a picture',
  );
});
