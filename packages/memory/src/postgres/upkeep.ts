import { sql } from 'kysely';
import type { PrunePolicy, StoreStats } from '../memory-store.ts';
import type { Connections, Run } from './connections.ts';
import type { Schema } from './tables.ts';

export function deleteUser(
  connections: Connections,
  { db, turns }: Schema,
  user: string,
): Promise<{ sessions: number; turns: number; facts: number }> {
  return connections.transaction(async (run) => {
    const [counted] = await run(
      sql<{ turns: number }>`
        SELECT count(*)::int AS turns FROM ${turns} WHERE session.user = ${user}`.compile(db),
    );
    const sessions = await run(
      db.deleteFrom('session').where('user', '=', user).returning('id').compile(),
    );
    const facts = await run(
      db.deleteFrom('fact').where('user', '=', user).returning('id').compile(),
    );
    return { sessions: sessions.length, turns: counted?.turns ?? 0, facts: facts.length };
  });
}

/** Gives the number of turns removed. In pieces: none takes so long that it is ended as a hung one. */
export async function prune(
  connections: Connections,
  schema: Schema,
  policy: PrunePolicy,
): Promise<number> {
  let removed = 0;
  for (;;) {
    const some = await connections.transaction((run) => pruneSome(run, schema, policy));
    removed += some;
    if (some < mostAtOnce) return removed;
  }
}

const mostAtOnce = 1_000;

async function pruneSome(
  run: Run,
  { db, session, turn }: Schema,
  { maxAgeMs, maxTurns, maxBytes }: PrunePolicy,
): Promise<number> {
  const since = maxAgeMs === undefined ? -most : Date.now() - maxAgeMs;
  const gone = await run(
    sql<{ session: string }>`
      DELETE FROM ${turn} WHERE number IN (
        SELECT number FROM (
          SELECT number, at, row_number() OVER newest AS place, sum(bytes) OVER newest AS total
          FROM ${turn} WINDOW newest AS (ORDER BY number DESC)
        ) AS ranked
        WHERE at < ${since} OR place > ${maxTurns ?? most} OR total > ${maxBytes ?? most}
        ORDER BY number LIMIT ${mostAtOnce}
      ) RETURNING session`.compile(db),
  );
  const sessions = [...new Set(gone.map((row) => row.session))];
  // Locked first, so that a turn just being added to one of them is seen by the next statement.
  await run(
    sql`SELECT FROM ${session} WHERE number = ANY(${sessions}::bigint[]) FOR UPDATE`.compile(db),
  );
  await run(
    sql`
      DELETE FROM ${session} AS session WHERE number = ANY(${sessions}::bigint[])
        AND NOT EXISTS (SELECT FROM ${turn} AS turn WHERE turn.session = session.number)
    `.compile(db),
  );
  return gone.length;
}

const most = Number.MAX_SAFE_INTEGER;

export async function stats(
  connections: Connections,
  { db, session, turn, name }: Schema,
): Promise<StoreStats> {
  const [row] = await connections.query(
    sql<StoreStats>`
      SELECT (SELECT count(*) FROM ${session})::int AS sessions,
        (SELECT count(*) FROM ${turn})::int AS turns,
        (SELECT count(*) FROM ${sql.table(`${name}.fact`)})::int AS facts,
        (SELECT sum(pg_total_relation_size(pg_class.oid)) FROM pg_class
          JOIN pg_namespace ON pg_namespace.oid = relnamespace
          WHERE nspname = ${name} AND relkind = 'r')::float8 AS bytes`.compile(db),
  );
  return row!;
}
