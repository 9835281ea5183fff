import { checkInteger, checkObject, checkString } from '@kortana/errors';
import type { Health, MemoryStore } from '../memory-store.ts';
import { refusedSession } from '../refused.ts';
import { storedTurn } from '../stored-turn.ts';
import { memoryError } from '../within.ts';
import { appendTurn } from './append.ts';
import { Connections } from './connections.ts';
import { Frequencies } from './frequencies.ts';
import { migrate } from './migrate.ts';
import { storable } from './rows.ts';
import { searchTurns } from './search.ts';
import { exportSession, listSessions, windowOf } from './sessions.ts';
import { schemaOf } from './tables.ts';
import { deleteUser, prune, stats } from './upkeep.ts';
import { postgresVectors } from './vectors.ts';

export interface PostgresStoreOptions {
  /** `postgres://user:password@host:5432/database`. */
  connectionString: string;
  /** All tables stand in it; made when it isn't there. Default: `kortana`. */
  schema?: string | undefined;
  /** From 1 up. Default: 4. */
  maxConnections?: number | undefined;
  /** How long to wait for a connection, in ms, from 1 up. Default: 2,000. */
  connectTimeoutMs?: number | undefined;
  /** How long a statement may take, in ms, from 1 up. Default: 5,000. */
  statementTimeoutMs?: number | undefined;
}

/**
 * A database for more than one machine: `pg` and Kysely, tsvector with a GIN index, pgvector when the
 * extension is there. Nothing is connected before the first use, and that never throws: `ping` says
 * what is wrong, and each method tries anew.
 */
export function postgresStore(options: PostgresStoreOptions): MemoryStore {
  const { connectionString, schema: name = 'kortana' } = checkObject('options', options);
  const schema = schemaOf(checkSchema(name));
  const { db } = schema;
  let vectorType: string | undefined;
  const connections = new Connections(
    {
      connectionString: checkConnectionString(connectionString),
      maxConnections: checkInteger('maxConnections', options.maxConnections ?? 4, { min: 1 }),
      connectTimeoutMs: checkInteger('connectTimeoutMs', options.connectTimeoutMs ?? 2_000, {
        min: 1,
      }),
      statementTimeoutMs: checkInteger('statementTimeoutMs', options.statementTimeoutMs ?? 5_000, {
        min: 1,
      }),
    },
    async (run) => {
      vectorType = await migrate(run, schema);
    },
  );
  const frequencies = new Frequencies(connections, schema);
  const updateSession = async (id: string, values: { title: string } | { archived: boolean }) => {
    const update = db.updateTable('session').set(values).where('id', '=', storable(id));
    return (await connections.query(update.returning('id').compile())).length > 0;
  };

  return {
    name: 'postgres',
    async append(turn, { opId }) {
      const owned = await connections.query(appendTurn(schema, storedTurn(turn, opId)));
      if (owned.length === 0) throw refusedSession(turn.sessionId);
    },
    window: (session, limits) => windowOf(connections, schema, session, limits),
    search: (scope, query, signal) =>
      searchTurns({ connections, schema, frequencies }, scope, query, signal),
    vectors: postgresVectors(connections, schema, async () => {
      await connections.ready();
      return vectorType;
    }),
    facts: {
      async put({ id, userId, text, at }) {
        const values = { user: storable(userId), text: storable(text), at };
        const insert = db.insertInto('fact').values({ id: storable(id), ...values });
        await connections.query(
          insert.onConflict((conflict) => conflict.column('id').doUpdateSet(values)).compile(),
        );
      },
      async list({ userId, limit = 1_000 }) {
        const facts = db
          .selectFrom('fact')
          .select(['id', 'user as userId', 'text', 'at'])
          .where('user', '=', storable(userId))
          .orderBy('at', 'desc')
          .limit(limit);
        return connections.query(facts.compile());
      },
      async delete(id) {
        const gone = db.deleteFrom('fact').where('id', '=', storable(id)).returning('id');
        return (await connections.query(gone.compile())).length > 0;
      },
    },
    sessions: {
      list: (filter = {}) => listSessions(connections, schema, filter),
      rename: (id, title) => updateSession(id, { title: storable(title) }),
      archive: (id, archived) => updateSession(id, { archived }),
      async delete(id) {
        const gone = db.deleteFrom('session').where('id', '=', storable(id)).returning('id');
        return (await connections.query(gone.compile())).length > 0;
      },
      export: (id) => exportSession(connections, schema, id),
    },
    deleteUser: (userId) => deleteUser(connections, schema, storable(userId)),
    prune: (policy) => prune(connections, schema, policy),
    stats: () => stats(connections, schema),
    async ping(): Promise<Health> {
      try {
        await connections.query(db.selectFrom('fact').select('id').limit(1).compile());
        return { ok: true, store: 'postgres', notices: [] };
      } catch (error) {
        const { code, message } = memoryError(error, 'ping');
        return { ok: false, store: 'postgres', code, message, notices: [] };
      }
    },
    close: () => connections.close(),
  };
}

/** What it is isn't said: it may have a password. */
function checkConnectionString(text: string): string {
  if (/^(?:postgres(?:ql)?:\/\/|socket:|\/)/.test(checkString('connectionString', text)))
    return text;
  throw new RangeError('Expected `connectionString` to begin with postgres://');
}

function checkSchema(name: string): string {
  if (/^[a-z_][a-z0-9_]{0,62}$/i.test(checkString('schema', name))) return name;
  throw new RangeError(`Expected \`schema\` to be letters, digits and _, got '${name}'`);
}
