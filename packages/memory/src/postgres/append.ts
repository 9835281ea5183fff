import { type CompiledQuery, sql } from 'kysely';
import { estimateTokens } from '../text/estimate-tokens.ts';
import { searchTerms } from '../text/search-terms.ts';
import { turnText } from '../text/turn-text.ts';
import type { StoredTurn } from '../turn.ts';
import { storable } from './rows.ts';
import type { Schema } from './tables.ts';

// A tsvector may have 1 MB.
const mostWordBytes = 500_000;

/**
 * One statement, thus all or nothing in one round trip. Gives a row unless the session belongs to
 * another user; an opId that is there already changes nothing.
 */
export function appendTurn({ db, ...tables }: Schema, turn: StoredTurn): CompiledQuery {
  const messages = JSON.stringify(turn.messages);
  const user = turn.userId === undefined ? null : storable(turn.userId);
  const terms = turn.kind === 'answer' ? searchTerms(turnText(turn)) : undefined;
  return sql`
    WITH owned AS (
      INSERT INTO ${tables.session} AS session (id, "user", created_at, updated_at)
      VALUES (${storable(turn.sessionId)}, ${user}::text, ${turn.at}, ${turn.at})
      ON CONFLICT (id) DO UPDATE
        SET "user" = coalesce(session.user, excluded.user),
            updated_at = greatest(session.updated_at, excluded.updated_at)
        WHERE session.user IS NULL OR excluded.user IS NULL OR session.user = excluded.user
      RETURNING number
    ), added AS (
      INSERT INTO ${tables.turn} (session, id, "user", at, kind, messages, bytes, tokens, length, words)
      SELECT number, ${storable(turn.id)}, ${user}::text, ${turn.at}, ${turn.kind}, ${messages},
        ${Buffer.byteLength(messages)}, ${estimateTokens(turn.messages)}, ${terms?.length ?? 0}, array_to_tsvector(${terms && distinct(terms)}::text[])
      FROM owned
      ON CONFLICT (session, id) DO NOTHING
    )
    SELECT number FROM owned`.compile(db);
}

function distinct(terms: string[]): string[] {
  let bytes = 0;
  return [...new Set(terms)].filter((term) => {
    bytes += Buffer.byteLength(term) + 4;
    return bytes < mostWordBytes;
  });
}
