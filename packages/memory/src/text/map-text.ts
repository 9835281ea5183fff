import type { ChatMessage } from '../chat-message.ts';

/** The message with each of its texts changed. */
export function mapText(message: ChatMessage, change: (text: string) => string): ChatMessage {
  if (message.role !== 'user') return { ...message, content: change(message.content) };
  if (typeof message.content === 'string') return { ...message, content: change(message.content) };
  const content = message.content.map((part) =>
    part.type === 'text' ? { ...part, text: change(part.text) } : part,
  );
  return { ...message, content };
}
