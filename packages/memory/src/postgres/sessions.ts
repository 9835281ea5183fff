import { sql } from 'kysely';
import type {
  SessionDump,
  SessionFilter,
  SessionInfo,
  SessionKey,
  WindowLimits,
} from '../memory-store.ts';
import { fitWindow } from '../recall/fit-window.ts';
import type { StoredTurn } from '../turn.ts';
import type { Connections } from './connections.ts';
import { infoOf, type SessionRow, storable, turnColumns, turnOf, type TurnRow } from './rows.ts';
import type { Schema } from './tables.ts';

/** In tokens; of turns kept before they were counted, the least they can be. */
const size = sql`coalesce(turn.tokens, turn.bytes / 8)`;

/** The newest turns of the session that fit, oldest first. */
export async function windowOf(
  connections: Connections,
  { db, turns }: Schema,
  { sessionId, userId }: SessionKey,
  limits: WindowLimits,
): Promise<StoredTurn[]> {
  const user = userId === undefined ? null : storable(userId);
  const rows = await connections.query(
    sql<TurnRow>`
      SELECT * FROM (
        SELECT ${turnColumns}, sum(${size}) OVER (ORDER BY turn.number DESC) - ${size} AS newer
        FROM ${turns}
        WHERE session.id = ${storable(sessionId)}
          AND (${user}::text IS NULL OR session.user IS NULL OR session.user = ${user})
        ORDER BY turn.number DESC LIMIT ${limits.maxMessages}
      ) AS newest WHERE newer <= ${limits.maxTokens} ORDER BY number DESC`.compile(db),
  );
  return fitWindow(rows.map(turnOf), limits);
}

export async function listSessions(
  connections: Connections,
  { db, session, turn }: Schema,
  { userId, archived = false, limit = 100, offset = 0 }: SessionFilter,
): Promise<SessionInfo[]> {
  const isOwn = userId === undefined ? sql`true` : sql`session.user = ${storable(userId)}`;
  const isShown = archived === 'all' ? sql`true` : sql`session.archived = ${archived}`;
  const rows = await connections.query(
    sql<SessionRow>`
      SELECT session.*,
        (SELECT count(*)::int FROM ${turn} AS turn WHERE turn.session = session.number) AS turns
      FROM ${session} AS session WHERE ${isOwn} AND ${isShown}
      ORDER BY updated_at DESC, number DESC LIMIT ${limit} OFFSET ${offset}`.compile(db),
  );
  return rows.map(infoOf);
}

export async function exportSession(
  connections: Connections,
  { db, session, turns }: Schema,
  id: string,
): Promise<SessionDump | undefined> {
  const [found] = await connections.query(
    sql<SessionRow>`
      SELECT session.*, 0 AS turns FROM ${session} AS session
      WHERE id = ${storable(id)}`.compile(db),
  );
  if (found === undefined) return undefined;
  const rows = await connections.query(
    sql<TurnRow>`
      SELECT ${turnColumns} FROM ${turns}
      WHERE session.id = ${storable(id)} ORDER BY turn.number`.compile(db),
  );
  return { session: { ...infoOf(found), turns: rows.length }, turns: rows.map(turnOf) };
}
