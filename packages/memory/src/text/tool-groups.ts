import type { ChatMessage } from '../chat-message.ts';

/**
 * Messages in groups that belong together: an assistant's tool calls with all their results, any
 * other message alone. A call without its result, or a result without its call, is left out:
 * providers refuse the whole request for one of them.
 */
export function toolGroups(messages: readonly ChatMessage[]): ChatMessage[][] {
  const groups: ChatMessage[][] = [];
  for (let at = 0; at < messages.length; at++) {
    const message = messages[at]!;
    if (message.role === 'tool') continue;
    if (message.role !== 'assistant' || !message.toolCalls?.length) {
      groups.push([message]);
      continue;
    }
    const results = resultsAfter(messages, at);
    const answered = new Set(results.map((result) => result.toolCallId));
    if (message.toolCalls.every(({ id }) => answered.has(id))) groups.push([message, ...results]);
  }
  return groups;
}

type ToolMessage = Extract<ChatMessage, { role: 'tool' }>;

function resultsAfter(messages: readonly ChatMessage[], at: number): ToolMessage[] {
  const call = messages[at]!;
  const open = new Set(call.role === 'assistant' ? call.toolCalls?.map(({ id }) => id) : undefined);
  const results: ToolMessage[] = [];
  for (let next = at + 1; messages[next]?.role === 'tool'; next++) {
    const message = messages[next] as ToolMessage;
    if (open.delete(message.toolCallId)) results.push(message);
  }
  return results;
}
