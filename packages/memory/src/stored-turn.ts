import type { ChatMessage } from './chat-message.ts';
import type { StoredTurn, Turn } from './turn.ts';

/** A turn whose messages are one text, as they stand in a file and cross to a thread at least cost. */
export type WrittenTurn = Omit<StoredTurn, 'messages'> & { messages: string };

/** A turn as stores keep it: a copy of its own, as JSON has it, all defaults filled in. */
export function storedTurn(turn: Turn, id: string): StoredTurn {
  const written = writtenTurn(turn, id);
  return { ...written, messages: JSON.parse(written.messages) as ChatMessage[] };
}

export function writtenTurn(turn: Turn, id: string): WrittenTurn {
  return {
    id,
    sessionId: turn.sessionId,
    ...(turn.userId === undefined ? {} : { userId: turn.userId }),
    messages: JSON.stringify(turn.messages),
    at: turn.at ?? Date.now(),
    kind: turn.kind === 'partial' ? 'partial' : 'answer',
  };
}
