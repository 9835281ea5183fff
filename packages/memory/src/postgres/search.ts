import { sql } from 'kysely';
import type { Scope, SearchHit, SearchQuery } from '../memory-store.ts';
import { rarestTerms } from '../text/rarest-terms.ts';
import { stem } from '../text/stem.ts';
import type { Connections } from './connections.ts';
import { turnColumns, turnOf, type TurnRow, within } from './rows.ts';
import type { Frequencies } from './frequencies.ts';
import type { Schema } from './tables.ts';

interface Candidate {
  number: string;
  length: number;
  has: boolean[];
}

// Of very many only the newest are weighed.
const mostCandidates = 2_000;

export interface SearchParts {
  connections: Connections;
  schema: Schema;
  frequencies: Frequencies;
}

/** Finds what has one of the rarest terms, and weighs it by BM25 within the scope. */
export async function searchTurns(
  { connections, schema: { db, turns: from }, frequencies }: SearchParts,
  scope: Scope,
  { terms, k }: SearchQuery,
  signal?: AbortSignal,
): Promise<SearchHit[]> {
  signal?.throwIfAborted();
  const { turns, of } = await frequencies.get();
  const words = rarestTerms(
    terms
      .filter(isWord)
      .map(stem)
      .map((term) => ({ term, turns: of(term) })),
    turns,
  ).map((term) => `'${term}'`);
  if (words.length === 0) return [];
  const candidates = await connections.query(
    sql<Candidate>`
      SELECT turn.number, turn.length,
        ARRAY[${sql.join(words.map((word) => sql`turn.words @@ ${word}::tsquery`))}] AS has
      FROM ${from} WHERE turn.words @@ ${words.join('|')}::tsquery AND ${within(scope)}
      ORDER BY turn.number DESC LIMIT ${mostCandidates}`.compile(db),
  );
  signal?.throwIfAborted();
  const scores = weigh(candidates).slice(0, k);
  const rows = await connections.query(
    sql<TurnRow>`
      SELECT ${turnColumns} FROM ${from}
      WHERE turn.number = ANY(${scores.map(({ number }) => number)}::bigint[])`.compile(db),
  );
  const found = new Map(rows.map((row) => [row.number, turnOf(row)]));
  return scores.flatMap(({ number, score }) => {
    const turn = found.get(number);
    return turn === undefined ? [] : [{ turn, score }];
  });
}

/** As `searchTerms` makes them; nothing else is in the index, and these need no quoting. */
function isWord(term: string): boolean {
  return /^[\p{L}\p{N}\p{M}+#]+$/u.test(term);
}

// The usual constants of BM25 (Robertson & Zaragoza, 2009). A word counts once a turn: the index
// doesn't know how often it is there.
const k1 = 1.2;
const b = 0.75;

function weigh(candidates: Candidate[]): { number: string; score: number }[] {
  const count = candidates.length;
  const average = candidates.reduce((sum, { length }) => sum + length, 0) / count;
  const idf = (candidates[0]?.has ?? []).map((_, word) => {
    const df = candidates.filter(({ has }) => has[word]).length;
    return Math.log(1 + (count + 0.5) / (df + 0.5));
  });
  return candidates
    .map(({ number, length, has }) => {
      const weight = (k1 + 1) / (1 + k1 * (1 - b + (b * length) / average));
      return {
        number,
        score: weight * has.reduce((sum, yes, word) => sum + (yes ? idf[word]! : 0), 0),
      };
    })
    .sort((a, b) => b.score - a.score);
}
