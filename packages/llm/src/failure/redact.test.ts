import { expect, test } from 'vitest';
import type { ChatMessage } from '../chat-model.ts';
import { redactor } from './redact.ts';

const hide = (text: string, messages: ChatMessage[], secrets: string[] = []) =>
  redactor({ messages }, secrets)(text);

const user = (content: string): ChatMessage => ({ role: 'user', content });

test('hides the key and the values of headers', () => {
  expect(hide('Incorrect key: my-own-key-1 (tenant acme)', [], ['my-own-key-1', 'acme', ''])).toBe(
    'Incorrect key: […] (tenant […])',
  );
});

test('hides no letters for the sake of a header that is one', () => {
  expect(hide('a bad request', [], ['a', '1', ''])).toBe('a bad request');
});

test('hides a key that stands where a long message is cut', () => {
  const told = hide(`${'x '.repeat(295)}my-own-key-of-letters`, [], ['my-own-key-of-letters']);
  expect(told).not.toContain('my-own');
});

test('hides keys of a known make, whosever they are', () => {
  expect(hide('Incorrect API key provided: sk-abcdefgh1234', [])).not.toContain('sk-abcdefgh1234');
});

test('hides what is quoted of the messages, whole or in part', () => {
  const message = 'My password for the bank is hunter2, do not tell';
  expect(hide(`Invalid content: '${message}'.`, [user(message)])).toBe("Invalid content: '[…]'.");
  expect(hide(`Invalid content: '${message.slice(0, 30)}...'.`, [user(message)])).toBe(
    "Invalid content: '[…]...'.",
  );
});

test('hides short messages, parts, tool calls and their results', () => {
  const messages: ChatMessage[] = [
    user('hunter2'),
    {
      role: 'user',
      content: [
        { type: 'text', text: 'a part of it' },
        { type: 'image', url: 'data:image/png;base64,AAAABBBBCCCC' },
      ],
    },
    {
      role: 'assistant',
      content: '',
      toolCalls: [{ id: '1', name: 'f', arguments: '{"secret":"argument"}' }],
    },
    { role: 'tool', toolCallId: '1', content: 'the secret result of it' },
  ];
  const told =
    'hunter2|a part of it|data:image/png;base64,AAAABBBBCCCC|{"secret":"argument"}|the secret result of it';
  expect(hide(told, messages)).toBe('[…]|[…]|[…]|[…]|[…]');
});

test('hides what is quoted as JSON', () => {
  const content = 'pin 4711\nfor "door"\nof bank\nis safe';
  const told = hide(`bad request: ${JSON.stringify({ content })}`, [user(content)]);
  expect(told).toBe('bad request: {"content":"[…]"}');
});

test('leaves the words of the provider as they are', () => {
  const told = 'The model `x` does not exist or you do not have access to it.';
  expect(hide(told, [user('hi'), user('What is the capital of France?')])).toBe(told);
});

test('drops the message where there is too much content to look through', () => {
  expect(hide('anything', [user('x'.repeat(200_001))])).toBe('');
});
