import type { ChatMessage } from './chat-message.ts';
import type { StoredTurn, Turn } from './turn.ts';

/** A turn as stores keep it: a copy of its own, as JSON has it, all defaults filled in. */
export function storedTurn(turn: Turn, id: string): StoredTurn {
  return {
    id,
    sessionId: turn.sessionId,
    ...(turn.userId === undefined ? {} : { userId: turn.userId }),
    messages: JSON.parse(JSON.stringify(turn.messages)) as ChatMessage[],
    at: turn.at ?? Date.now(),
    kind: turn.kind === 'partial' ? 'partial' : 'answer',
  };
}
