import { type RawBuilder, sql } from 'kysely';
import type { ChatMessage } from '../chat-message.ts';
import type { Scope, SessionInfo } from '../memory-store.ts';
import type { StoredTurn } from '../turn.ts';

export interface TurnRow {
  number: string;
  session_id: string;
  id: string;
  user: string | null;
  at: number;
  kind: 'answer' | 'partial';
  messages: string;
}

export interface SessionRow {
  id: string;
  user: string | null;
  title: string | null;
  archived: boolean;
  created_at: number;
  updated_at: number;
  turns: number;
}

export const turnColumns = sql`
  turn.number, session.id AS session_id, turn.id, turn.user, turn.at, turn.kind, turn.messages`;

export function turnOf({ id, session_id, user, messages, at, kind }: TurnRow): StoredTurn {
  const owner = user === null ? {} : { userId: user };
  const parsed = JSON.parse(messages) as ChatMessage[];
  return { id, sessionId: session_id, ...owner, messages: parsed, at, kind };
}

export function infoOf(row: SessionRow): SessionInfo {
  return {
    id: row.id,
    ...(row.user === null ? {} : { userId: row.user }),
    ...(row.title === null ? {} : { title: row.title }),
    archived: row.archived,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    turns: row.turns,
  };
}

/** The condition on a session to be within the scope. */
export function within({ sessionId, userId }: Scope): RawBuilder<unknown> {
  const isAsked = sessionId === undefined ? sql`false` : sql`session.id = ${storable(sessionId)}`;
  if (userId === undefined) return sessionId === undefined ? sql`true` : isAsked;
  return sql`(session.user = ${storable(userId)} OR (${isAsked} AND session.user IS NULL))`;
}

/** Text as Postgres can hold it: without the one character it can't. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\ufffd');
}
