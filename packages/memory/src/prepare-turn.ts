import type { ChatMessage } from './chat-message.ts';
import { checkTurn } from './check-turn.ts';
import { storedTurn } from './stored-turn.ts';
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
  return storedTurn({ ...turn, messages: masked(messages, mask) as ChatMessage[] }, opId);
}

/** What ties messages and their parts together, and isn't for people. */
const structure = new Set(['role', 'type', 'detail', 'id', 'name', 'toolCallId']);

/** All texts masked, also in fields that are not ours; pictures that stand in the message are kept. */
function masked(value: unknown, mask: (text: string) => string, key = ''): unknown {
  if (typeof value === 'string') {
    return structure.has(key) || (key === 'url' && value.startsWith('data:')) ? value : mask(value);
  }
  if (Array.isArray(value)) return value.map((one) => masked(one, mask, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, masked(field, mask, name)]),
  ) as unknown;
}
