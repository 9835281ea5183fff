import { expect, test } from 'vitest';
import type { ChatMessage } from '../chat-message.ts';
import { toolGroups } from './tool-groups.ts';

const user: ChatMessage = { role: 'user', content: 'q' };
const answer: ChatMessage = { role: 'assistant', content: 'a' };
const call = (...ids: string[]): ChatMessage => ({
  role: 'assistant',
  content: '',
  toolCalls: ids.map((id) => ({ id, name: 'f', arguments: '{}' })),
});
const result = (toolCallId: string): ChatMessage => ({ role: 'tool', content: 'r', toolCallId });

test('keeps calls and all their results together', () => {
  const messages = [user, call('1', '2'), result('2'), result('1'), answer];
  expect(toolGroups(messages)).toEqual([
    [user],
    [call('1', '2'), result('2'), result('1')],
    [answer],
  ]);
});

test.each([
  ['a call without its result', [user, call('1'), answer], [user, answer]],
  ['a call with only some of its results', [call('1', '2'), result('1'), answer], [answer]],
  ['a result without its call', [result('1'), user], [user]],
  ['a second result of one call', [call('1'), result('1'), result('1')], [call('1'), result('1')]],
  ['a result that comes too late', [call('1'), user, result('1')], [user]],
])('leaves out %s', (_, messages, left) => {
  expect(toolGroups(messages).flat()).toEqual(left);
});

test('takes an empty list of calls for none', () => {
  expect(toolGroups([call()])).toEqual([[call()]]);
});
