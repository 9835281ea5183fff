import type { SessionInfo } from '../memory-store.ts';
import type { ChatMessage } from '../chat-message.ts';
import type { StoredTurn } from '../turn.ts';

export interface TurnRow {
  number: number;
  sessionId: string;
  id: string;
  user: string | null;
  at: number;
  kind: 'answer' | 'partial';
  messages: string;
}

export interface SessionRow {
  number: number;
  id: string;
  user: string | null;
  title: string | null;
  archived: number;
  created_at: number;
  updated_at: number;
  turns: number;
}

export const turnColumns = `
  turn.number, session.id AS sessionId, turn.id, turn.user, turn.at, turn.kind, turn.messages`;

export function turnOf({ id, sessionId, user, messages, at, kind }: TurnRow): StoredTurn {
  const owner = user === null ? {} : { userId: user };
  return { id, sessionId, ...owner, messages: JSON.parse(messages) as ChatMessage[], at, kind };
}

export function infoOf(row: SessionRow): SessionInfo {
  return {
    id: row.id,
    ...(row.user === null ? {} : { userId: row.user }),
    ...(row.title === null ? {} : { title: row.title }),
    archived: row.archived === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    turns: row.turns,
  };
}
