import type { ChatMessage } from '../chat-message.ts';
import { messageText } from './message-text.ts';

const mark = 'Recalled from earlier conversations';

interface Recalled {
  text: string;
  at?: number;
}

/**
 * Recalled items as one message for a model. It is recognised, and never recorded as something that
 * was said: else a memory would feed on itself.
 */
export function recalledContext(items: readonly Recalled[]): { role: 'system'; content: string } {
  const lines = items.map(contextLine).join('\n');
  return { role: 'system', content: `${mark} (may be out of date):\n${lines}` };
}

/** An item as it stands in the context. */
export function contextLine({ text, at }: Recalled): string {
  const day = at === undefined ? '' : `${new Date(at).toISOString().slice(0, 10)}: `;
  return `- ${day}${text.replaceAll('\n', '\n  ')}`;
}

export function isRecalledContext(message: ChatMessage): boolean {
  return message.role === 'system' && messageText(message).startsWith(mark);
}
