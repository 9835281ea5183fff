import type { ChatMessage } from './chat-message.ts';
import { checkTurn } from './check-turn.ts';
import { storedTurn } from './stored-turn.ts';
import { mapText } from './text/map-text.ts';
import { isRecalledContext } from './text/recalled-context.ts';
import type { StoredTurn, Turn } from './turn.ts';

/**
 * The turn as it may be stored: secrets masked, recalled context left out. Undefined when nothing is
 * left, or it is of a kind that is never stored. Throws what is wrong with a turn that is none.
 */
export function prepareTurn(
  turn: Turn,
  opId: string,
  mask: (text: string) => string,
): StoredTurn | undefined {
  checkTurn(turn);
  const { kind = 'answer' } = turn;
  if (kind !== 'answer' && kind !== 'partial') return undefined;
  const messages = turn.messages.filter((message) => !isRecalledContext(message));
  if (messages.length === 0) return undefined;
  return storedTurn({ ...turn, messages: messages.map((message) => masked(message, mask)) }, opId);
}

function masked(message: ChatMessage, mask: (text: string) => string): ChatMessage {
  const plain = mapText(message, mask);
  if (plain.role !== 'assistant' || !plain.toolCalls) return plain;
  const toolCalls = plain.toolCalls.map((call) => ({ ...call, arguments: mask(call.arguments) }));
  return { ...plain, toolCalls };
}
