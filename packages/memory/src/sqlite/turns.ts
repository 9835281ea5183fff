import { createHash } from 'node:crypto';
import { codes } from '../error-codes.ts';
import { refusal } from '../refusal.ts';
import type { SessionKey, WindowLimits } from '../memory-store.ts';
import { fitWindow } from '../recall/fit-window.ts';
import { searchTerms } from '../text/search-terms.ts';
import { turnText } from '../text/turn-text.ts';
import type { StoredTurn } from '../turn.ts';
import { Failure } from './failure.ts';
import { type SessionRow, turnColumns, turnOf, type TurnRow } from './rows.ts';
import type { SqliteFile } from './sqlite-file.ts';

export function sessionRow(file: SqliteFile, id: string): SessionRow | undefined {
  return file.sql('SELECT * FROM session WHERE id = ?').get(id) as SessionRow | undefined;
}

/** Within a transaction. */
export function appendTurn(file: SqliteFile, turn: StoredTurn): void {
  const known = sessionRow(file, turn.sessionId);
  const { userId = null } = turn;
  const owner = known?.user ?? userId;
  if (userId !== null && userId !== owner) throw new Failure(codes.refused, refusal);
  const session = known?.number ?? newSession(file, turn);
  const messages = JSON.stringify(turn.messages);
  const added = file
    .sql(
      `INSERT INTO turn (session, id, user, at, kind, bytes, messages) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (session, id) DO NOTHING`,
    )
    .run(session, turn.id, userId, turn.at, turn.kind, Buffer.byteLength(messages), messages);
  if (added.changes === 0) return;
  file
    .sql(
      `UPDATE session SET user = ?, turns = turns + 1, updated_at = max(updated_at, ?)
       WHERE number = ?`,
    )
    .run(owner, turn.at, session);
  if (known && known.user !== owner) claimEarlierTurns(file, known.number, owner);
  if (turn.kind === 'answer') {
    index(file, Number(added.lastInsertRowid), scopeWords(session, owner), turn);
  }
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

/** The words under which the turns of a session and of a user are found. */
export function sessionWord(session: number): string {
  return `s${session}`;
}

export function userWord(user: string): string {
  return `u${createHash('sha256').update(user).digest('hex').slice(0, 20)}`;
}

function scopeWords(session: number, user: string | null): string {
  return user === null ? sessionWord(session) : `${sessionWord(session)} ${userWord(user)}`;
}

function newSession(file: SqliteFile, { sessionId, at }: StoredTurn): number {
  const { lastInsertRowid } = file
    .sql('INSERT INTO session (id, created_at, updated_at) VALUES (?, ?, ?)')
    .run(sessionId, at, at);
  return Number(lastInsertRowid);
}

/** The session was nobody's until now. */
function claimEarlierTurns(file: SqliteFile, session: number, owner: string | null): void {
  const rows = file
    .sql(
      `SELECT ${turnColumns} FROM turn JOIN session ON session.number = turn.session
       WHERE turn.session = ? AND kind = 'answer'`,
    )
    .all(session) as unknown as TurnRow[];
  for (const row of rows) index(file, row.number, scopeWords(session, owner), turnOf(row));
}

function index(file: SqliteFile, number: number, scope: string, turn: StoredTurn): void {
  file
    .sql('INSERT OR REPLACE INTO turn_words (rowid, scope, words) VALUES (?, ?, ?)')
    .run(number, scope, searchTerms(turnText(turn)).join(' '));
}
