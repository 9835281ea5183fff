import type { ChatMessage } from '../chat-message.ts';

/** A copy that shares nothing with its original; some ten times as fast as `structuredClone`. */
export function copyMessage(message: ChatMessage): ChatMessage {
  return copy(message) as ChatMessage;
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy);
  const fields: Record<string, unknown> = { ...value };
  for (const key in fields) if (typeof fields[key] === 'object') fields[key] = copy(fields[key]);
  return fields;
}
