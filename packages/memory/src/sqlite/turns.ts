import { codes } from '../error-codes.ts';
import { refusal } from '../refusal.ts';
import type { SessionKey, WindowLimits } from '../memory-store.ts';
import { fitWindow } from '../recall/fit-window.ts';
import type { WrittenTurn } from '../stored-turn.ts';
import type { StoredTurn } from '../turn.ts';
import { Failure } from './failure.ts';
import { type SessionRow, turnColumns, turnOf, type TurnRow } from './rows.ts';
import type { SqliteFile } from './sqlite-file.ts';
import { indexAnew, indexIfMany } from './word-index.ts';

export function sessionRow(file: SqliteFile, id: string): SessionRow | undefined {
  return file.sql('SELECT * FROM session WHERE id = ?').get(id) as SessionRow | undefined;
}

/** Within a transaction. */
export function appendTurn(file: SqliteFile, turn: WrittenTurn): void {
  const known = sessionRow(file, turn.sessionId);
  const { userId = null } = turn;
  const owner = known?.user ?? userId;
  if (userId !== null && userId !== owner) throw new Failure(codes.refused, refusal);
  const session = known?.number ?? newSession(file, turn);
  const added = file
    .sql(
      `INSERT INTO turn (session, id, user, at, kind, bytes, messages) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (session, id) DO NOTHING`,
    )
    .run(
      session,
      turn.id,
      userId,
      turn.at,
      turn.kind,
      Buffer.byteLength(turn.messages),
      turn.messages,
    );
  if (added.changes === 0) return;
  file
    .sql(
      `UPDATE session SET user = ?, turns = turns + 1, updated_at = max(updated_at, ?)
       WHERE number = ?`,
    )
    .run(owner, turn.at, session);
  // The session was nobody's until now.
  if (known && known.user !== owner) indexAnew(file, session);
  indexIfMany(file, Number(added.lastInsertRowid));
}

/** The newest turns of the session that fit, oldest first. */
export function windowOf(file: SqliteFile, key: SessionKey, limits: WindowLimits): StoredTurn[] {
  const session = sessionRow(file, key.sessionId);
  if (session === undefined || !isOwn(session, key.userId)) return [];
  return fitWindow(turnsOf(file, session.number, 'DESC'), limits);
}

export function isOwn({ user }: SessionRow, userId: string | undefined): boolean {
  return userId === undefined || user === null || user === userId;
}

/** Read one by one, as far as somebody asks. */
export function* turnsOf(file: SqliteFile, session: number, order: 'ASC' | 'DESC') {
  const rows = file
    .sql(
      `SELECT ${turnColumns} FROM turn JOIN session ON session.number = turn.session
       WHERE turn.session = ? ORDER BY turn.number ${order}`,
    )
    .iterate(session);
  for (const row of rows) yield turnOf(row as unknown as TurnRow);
}

function newSession(file: SqliteFile, { sessionId, at }: WrittenTurn): number {
  const { lastInsertRowid } = file
    .sql('INSERT INTO session (id, created_at, updated_at) VALUES (?, ?, ?)')
    .run(sessionId, at, at);
  return Number(lastInsertRowid);
}
