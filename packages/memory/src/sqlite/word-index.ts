import type { SQLInputValue } from 'node:sqlite';
import type { ChatMessage } from '../chat-message.ts';
import { searchTerms } from '../text/search-terms.ts';
import { turnText } from '../text/turn-text.ts';
import type { SqliteFile } from './sqlite-file.ts';

/*
 * The words of turns go into the index a little later than the turns themselves: many at once cost
 * much less than one by one, and only a search needs them. Which ones wait is seen in the file, they
 * have higher numbers than any in the index: so they go in strictly in order.
 */

/** So many at most. Turns are numbered one by one, so each that is a multiple takes the others along. */
const mostWaiting = 64;

/** After an append, in its transaction. */
export function indexIfMany(file: SqliteFile, newest: number): void {
  if (newest % mostWaiting === 0) index(file, 'turn.number >= ?', firstWaiting(file));
}

/**
 * Before a search, and when the file rests. Where the file can't be written to just now, a search
 * does without those that wait.
 */
export function indexWaiting(file: SqliteFile): void {
  const isWaiting = file.sql('SELECT 1 FROM turn WHERE number >= ? LIMIT 1');
  if (isWaiting.get(firstWaiting(file)) === undefined) return;
  file.writeIfPossible(() => index(file, 'turn.number >= ?', firstWaiting(file)));
}

/** A session has become somebody's: all its turns are found as that user's. */
export function indexAnew(file: SqliteFile, session: number): void {
  index(file, 'turn.session = ? AND turn.number < ?', session, firstWaiting(file));
}

/** The words under which the turns of a session and of a user are found. */
export function sessionWord(session: number): string {
  return `s${session}`;
}

export function userWord(user: string): string {
  // Loaded here, as opening a file would take a tenth longer.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return `u${createHash('sha256').update(user).digest('hex').slice(0, 20)}`;
}

function firstWaiting(file: SqliteFile): number {
  const { newest } = file.sql('SELECT max(rowid) AS newest FROM turn_words').get()!;
  return ((newest as number | null) ?? 0) + 1;
}

function index(file: SqliteFile, which: string, ...values: SQLInputValue[]): void {
  // What isn't to be found goes in without words, so that nothing seems to wait.
  const rows = file.sql(
    `SELECT turn.number, turn.session, session.user, iif(kind = 'answer', turn.messages, '[]') AS messages
     FROM turn JOIN session ON session.number = turn.session
     WHERE ${which} ORDER BY turn.number`,
  );
  const put = file.sql('INSERT OR REPLACE INTO turn_words (rowid, scope, words) VALUES (?, ?, ?)');
  for (const { number, session, user, messages } of rows.all(...values) as unknown as Row[]) {
    const scope = user === null ? [] : [userWord(user)];
    put.run(number, [sessionWord(session), ...scope].join(' '), wordsOf(messages).join(' '));
  }
}

function wordsOf(messages: string): string[] {
  try {
    return searchTerms(turnText({ messages: JSON.parse(messages) as ChatMessage[] }));
  } catch {
    // Spoilt by another hand: that must not keep later turns from being stored.
    return [];
  }
}

interface Row {
  number: number;
  session: number;
  /** The session's. */
  user: string | null;
  messages: string;
}
