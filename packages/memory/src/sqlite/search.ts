import type { Scope, SearchHit, SearchQuery, VectorQuery } from '../memory-store.ts';
import { rarestTerms } from '../text/rarest-terms.ts';
import { stem } from '../text/stem.ts';
import { similarity } from '../text/similarity.ts';
import { isOwn, sessionRow } from './turns.ts';
import { turnColumns, turnOf, type TurnRow } from './rows.ts';
import type { SqliteFile } from './sqlite-file.ts';
import { indexWaiting, sessionWord, userWord } from './word-index.ts';

/** So many of the newest vectors are looked at: some 30 ms for 384 dimensions. */
const comparedVectors = 20_000;

export function searchTurns(
  file: SqliteFile,
  scope: Scope,
  { terms, k }: SearchQuery,
): SearchHit[] {
  indexWaiting(file);
  const words = rarestTerms(frequencies(file, terms.map(stem)), countTurns(file)).map(quote);
  const within = scopeOf(file, scope);
  if (words.length === 0 || within === undefined) return [];
  const match = `${within}{words} : (${words.join(' OR ')})`;
  const rows = file
    .sql(
      `SELECT ${turnColumns}, -found.rank AS score
       FROM (
         SELECT rowid, bm25(turn_words, 0, 1) AS rank FROM turn_words
         WHERE turn_words MATCH ? ORDER BY rank LIMIT ?
       ) AS found
       JOIN turn ON turn.number = found.rowid JOIN session ON session.number = turn.session
       ORDER BY found.rank`,
    )
    .all(match, k) as unknown as (TurnRow & { score: number })[];
  return rows.map((row) => ({ turn: turnOf(row), score: row.score }));
}

export function searchVectors(file: SqliteFile, scope: Scope, query: VectorQuery): SearchHit[] {
  const rows = file
    .sql(
      `SELECT vector.turn, vector.value FROM vector
       JOIN turn ON turn.number = vector.turn JOIN session ON session.number = turn.session
       WHERE vector.model = :model AND (
         (:session IS NULL AND :user IS NULL) OR session.user = :user
         OR (session.id = :session AND (:user IS NULL OR session.user IS NULL)))
       ORDER BY vector.turn DESC LIMIT ${comparedVectors}`,
    )
    .iterate({ model: query.model, session: scope.sessionId ?? null, user: scope.userId ?? null });
  const scored: { number: number; score: number }[] = [];
  for (const { turn, value } of rows) {
    const { buffer, byteOffset, byteLength } = value as Uint8Array;
    const vector = new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
    scored.push({ number: turn as number, score: similarity(vector, query.vector) });
  }
  const best = scored.sort((a, b) => b.score - a.score).slice(0, query.k);
  return best.map(({ number, score }) => ({ turn: turnOf(turnRow(file, number)), score }));
}

function turnRow(file: SqliteFile, number: number): TurnRow {
  const statement = file.sql(
    `SELECT ${turnColumns} FROM turn JOIN session ON session.number = turn.session
     WHERE turn.number = ?`,
  );
  return statement.get(number) as unknown as TurnRow;
}

function frequencies(file: SqliteFile, terms: string[]) {
  const statement = file.sql('SELECT doc FROM turn_vocabulary WHERE term = ?');
  return terms.map((term) => ({ term, turns: (statement.get(term)?.['doc'] as number) ?? 0 }));
}

function countTurns(file: SqliteFile): number {
  // Close enough, and without counting: a fifth of it is a rough measure anyway.
  return (file.sql('SELECT max(number) AS count FROM turn').get()?.['count'] as number) ?? 0;
}

/** The scope as the beginning of a query; undefined where nothing can be in it. */
function scopeOf(file: SqliteFile, { sessionId, userId }: Scope): string | undefined {
  if (sessionId === undefined && userId === undefined) return '';
  const words = userId === undefined ? [] : [userWord(userId)];
  const session = sessionId === undefined ? undefined : sessionRow(file, sessionId);
  if (session && isOwn(session, userId)) words.push(sessionWord(session.number));
  if (words.length === 0) return undefined;
  return `{scope} : (${words.map(quote).join(' OR ')}) AND `;
}

/** As FTS5 takes any text for a string. */
function quote(word: string): string {
  return `"${word.replaceAll('"', '""')}"`;
}
