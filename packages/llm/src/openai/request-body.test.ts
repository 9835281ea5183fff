import { expect, test } from 'vitest';
import type { ChatRequest } from '../chat-model.ts';
import { requestBody } from './request-body.ts';

const request: ChatRequest = { messages: [{ role: 'user', content: 'hi' }] };
const body = (more: Partial<ChatRequest>, own = false) =>
  requestBody({ ...request, ...more }, 'gpt-4o', own);

test('sends no field that was not given', () => {
  expect(body({})).toEqual({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] });
});

test('translates every kind of message', () => {
  const messages: ChatRequest['messages'] = [
    { role: 'system', content: 's' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 't' },
        { type: 'image', url: 'https://x.test/a.png', detail: 'low' },
        { type: 'image', url: 'data:image/png;base64,AA' },
      ],
    },
    { role: 'assistant', content: 'a' },
    { role: 'assistant', content: '', toolCalls: [{ id: '1', name: 'f', arguments: '{}' }] },
    { role: 'tool', content: 'r', toolCallId: '1' },
  ];
  expect(body({ messages }).messages).toEqual([
    { role: 'system', content: 's' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 't' },
        { type: 'image_url', image_url: { url: 'https://x.test/a.png', detail: 'low' } },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } },
      ],
    },
    { role: 'assistant', content: 'a' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: '{}' } }],
    },
    { role: 'tool', content: 'r', tool_call_id: '1' },
  ]);
});

test('translates tools, their choice, and the format of the answer', () => {
  const tool = { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true };
  const schema = { type: 'object' };
  expect(
    body({
      tools: [tool],
      toolChoice: { name: 'f' },
      responseFormat: { type: 'jsonSchema', name: 'n', schema },
    }),
  ).toMatchObject({
    tools: [{ type: 'function', function: tool }],
    tool_choice: { type: 'function', function: { name: 'f' } },
    response_format: { type: 'json_schema', json_schema: { name: 'n', schema } },
  });
  expect(body({ toolChoice: 'required', responseFormat: { type: 'json' } })).toMatchObject({
    tool_choice: 'required',
    response_format: { type: 'json_object' },
  });
  expect(body({ tools: [] })).not.toHaveProperty('tools');
});

test('asks OpenAI itself for `max_completion_tokens`, others for `max_tokens`', () => {
  expect(body({ maxTokens: 5 }, true)).toMatchObject({ max_completion_tokens: 5 });
  expect(body({ maxTokens: 5 }, false)).toMatchObject({ max_tokens: 5 });
});

test('sends zero and the empty list as they are', () => {
  expect(body({ temperature: 0, seed: 0, stop: [] })).toMatchObject({
    temperature: 0,
    seed: 0,
    stop: [],
  });
});

test('adds `extra`, which overrules no field that has words here', () => {
  expect(
    body({ temperature: 1, extra: { top_p: 0.5, temperature: 2, model: 'x', messages: [] } }),
  ).toEqual({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'hi' }],
    temperature: 1,
    top_p: 0.5,
  });
});
