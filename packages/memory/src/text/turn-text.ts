import type { StoredTurn } from '../turn.ts';
import { messageText } from './message-text.ts';

/**
 * What was said in a turn: the words of user and assistant, each on a line of its own. Instructions
 * and tool results are left out: they are long, and not what anybody remembers having said.
 */
export function turnText(turn: Pick<StoredTurn, 'messages'>): string {
  return turn.messages
    .filter(({ role }) => role === 'user' || role === 'assistant')
    .map((message) => ({ role: message.role, text: messageText(message).trim() }))
    .filter(({ text }) => text !== '')
    .map(({ role, text }) => `${role}: ${text}`)
    .join('\n');
}
