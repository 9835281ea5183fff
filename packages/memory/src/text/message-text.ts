import type { ChatMessage } from '../chat-message.ts';

/** The readable text of a message; images are left out. */
export function messageText(message: ChatMessage): string {
  if (typeof message.content === 'string') return message.content;
  return message.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}
