import { sql } from 'kysely';
import type { VectorShelf } from '../memory-store.ts';
import type { Connections } from './connections.ts';
import { storable, turnColumns, turnOf, type TurnRow, within } from './rows.ts';
import type { Schema } from './tables.ts';

/** Where pgvector is there; else it keeps and finds nothing. `vectorType`: its qualified type. */
export function postgresVectors(
  connections: Connections,
  { db, turns: from, vector: vectors }: Schema,
  vectorType: () => Promise<string | undefined>,
): VectorShelf {
  return {
    async available() {
      return (await vectorType()) !== undefined;
    },
    async put(model, rows) {
      const type = await vectorType();
      if (type === undefined || rows.length === 0) return;
      const values = rows.map(
        ({ sessionId, id, vector }) =>
          sql`(${storable(sessionId)}, ${storable(id)}, ${JSON.stringify(vector)})`,
      );
      await connections.query(
        sql`
          INSERT INTO ${vectors} (model, turn, value)
          SELECT ${model}, turn.number, given.value::${sql.raw(type)}
          FROM (VALUES ${sql.join(values)}) AS given (session_id, id, value)
          JOIN ${from} ON session.id = given.session_id AND turn.id = given.id
          ON CONFLICT (model, turn) DO UPDATE SET value = excluded.value`.compile(db),
      );
    },
    async missing(model, limit) {
      if ((await vectorType()) === undefined) return [];
      const rows = await connections.query(
        sql<TurnRow>`
          SELECT ${turnColumns} FROM ${from}
          WHERE turn.kind = 'answer' AND NOT EXISTS (
            SELECT FROM ${vectors} AS vector WHERE model = ${model} AND vector.turn = turn.number)
          ORDER BY turn.number DESC LIMIT ${limit}`.compile(db),
      );
      return rows.map(turnOf);
    },
    async search(scope, { model, vector, k }) {
      const type = await vectorType();
      if (type === undefined) return [];
      // The operator lives in the extension's schema, which needn't be on the search path.
      const operator = sql.raw(`OPERATOR(${type.replace(/\.vector$/, '')}.<=>)`);
      const dimensions = sql.raw(`${type.replace(/\.vector$/, '')}.vector_dims`);
      const asked = sql`${JSON.stringify(vector)}::${sql.raw(type)}`;
      const rows = await connections.query(
        sql<TurnRow & { score: number }>`
          SELECT ${turnColumns}, 1 - (vector.value ${operator} ${asked}) AS score
          FROM ${vectors} AS vector JOIN ${from} ON turn.number = vector.turn
          WHERE model = ${model} AND ${dimensions}(vector.value) = ${vector.length}
            AND ${within(scope)}
          ORDER BY vector.value ${operator} ${asked} LIMIT ${k}`.compile(db),
      );
      return rows.map((row) => ({ turn: turnOf(row), score: row.score }));
    },
  };
}
