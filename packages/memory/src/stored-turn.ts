import type { StoredTurn, Turn } from './turn.ts';

/** A turn as stores keep it: a copy of its own, all defaults filled in. */
export function storedTurn(turn: Turn, id: string): StoredTurn {
  return {
    id,
    sessionId: turn.sessionId,
    ...(turn.userId === undefined ? {} : { userId: turn.userId }),
    messages: structuredClone(turn.messages),
    at: turn.at ?? Date.now(),
    kind: turn.kind === 'partial' ? 'partial' : 'answer',
  };
}
