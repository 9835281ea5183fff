import type {
  Fact,
  Health,
  PrunePolicy,
  Scope,
  SearchHit,
  SearchQuery,
  SessionDump,
  SessionFilter,
  SessionInfo,
  SessionKey,
  StoreStats,
  VectorQuery,
  WindowLimits,
} from '../memory-store.ts';
import type { WrittenTurn } from '../stored-turn.ts';
import type { StoredTurn } from '../turn.ts';
import { infoOf, type SessionRow, turnColumns, turnOf, type TurnRow } from './rows.ts';
import { searchTurns, searchVectors } from './search.ts';
import type { SqliteFile } from './sqlite-file.ts';
import { appendTurn, sessionRow, turnsOf, windowOf } from './turns.ts';
import { deleteSession, deleteUser, pruneSome } from './upkeep.ts';

/** What only looks. */
export const reads = {
  window: (file: SqliteFile, key: SessionKey, limits: WindowLimits): StoredTurn[] =>
    windowOf(file, key, limits),

  search: (file: SqliteFile, scope: Scope, query: SearchQuery): SearchHit[] =>
    searchTurns(file, scope, query),

  searchVectors: (file: SqliteFile, scope: Scope, query: VectorQuery): SearchHit[] =>
    searchVectors(file, scope, query),

  missingVectors(file: SqliteFile, model: string, limit: number): StoredTurn[] {
    const rows = file
      .sql(
        `SELECT ${turnColumns} FROM turn JOIN session ON session.number = turn.session
         WHERE kind = 'answer'
           AND NOT EXISTS (SELECT 1 FROM vector WHERE model = ? AND vector.turn = turn.number)
         ORDER BY turn.number DESC LIMIT ?`,
      )
      .all(model, limit);
    return (rows as unknown as TurnRow[]).map(turnOf);
  },

  listFacts(file: SqliteFile, userId: string, limit: number): Fact[] {
    const rows = file
      .sql(
        `SELECT id, user AS userId, text, at FROM fact WHERE user = ?
         ORDER BY at DESC, rowid DESC LIMIT ?`,
      )
      .all(userId, limit);
    return rows as unknown as Fact[];
  },

  listSessions(file: SqliteFile, filter: SessionFilter): SessionInfo[] {
    const { userId, archived = false, limit = 100, offset = 0 } = filter;
    // Written out, so that the index of users' sessions is used.
    const owner = userId === undefined ? 'TRUE' : 'user = ?1';
    const rows = file
      .sql(
        `SELECT * FROM session WHERE ${owner} AND (?2 IS NULL OR archived = ?2)
         ORDER BY updated_at DESC, number DESC LIMIT ?3 OFFSET ?4`,
      )
      .all(userId ?? null, archived === 'all' ? null : Number(archived), limit, offset);
    return (rows as unknown as SessionRow[]).map(infoOf);
  },

  exportSession(file: SqliteFile, id: string): SessionDump | undefined {
    const session = sessionRow(file, id);
    return (
      session && { session: infoOf(session), turns: [...turnsOf(file, session.number, 'ASC')] }
    );
  },

  stats(file: SqliteFile): StoreStats {
    const row = file
      .sql(
        `SELECT (SELECT count(*) FROM session) AS sessions, (SELECT count(*) FROM turn) AS turns,
           (SELECT count(*) FROM fact) AS facts,
           (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size) AS bytes`,
      )
      .get();
    return row as unknown as StoreStats;
  },

  ping(file: SqliteFile): Health {
    file.db.prepare('SELECT 1 FROM session LIMIT 1').get();
    const { trouble } = file;
    const health = { store: 'sqlite', notices: [] };
    return trouble ? { ok: false, ...trouble, ...health } : { ok: true, ...health };
  },
};

/** What changes something: each runs in a transaction of its own. */
export const writes = {
  append: (file: SqliteFile, turn: WrittenTurn): void => appendTurn(file, turn),

  putVectors(
    file: SqliteFile,
    model: string,
    rows: { sessionId: string; id: string; vector: number[] }[],
  ): void {
    const put = file.sql(
      `INSERT OR REPLACE INTO vector (model, turn, value)
       SELECT ?, turn.number, ? FROM turn JOIN session ON session.number = turn.session
       WHERE session.id = ? AND turn.id = ?`,
    );
    for (const { sessionId, id, vector } of rows) {
      put.run(model, new Uint8Array(Float32Array.from(vector).buffer), sessionId, id);
    }
  },

  putFact(file: SqliteFile, { id, userId, text, at }: Fact): void {
    file
      .sql('INSERT OR REPLACE INTO fact (id, user, text, at) VALUES (?, ?, ?, ?)')
      .run(id, userId, text, at);
  },

  renameSession: (file: SqliteFile, id: string, title: string): boolean =>
    file.sql('UPDATE session SET title = ? WHERE id = ?').run(title, id).changes > 0,

  archiveSession: (file: SqliteFile, id: string, archived: boolean): boolean =>
    file.sql('UPDATE session SET archived = ? WHERE id = ?').run(Number(archived), id).changes > 0,
};

/** What deletes: afterwards nothing may be left of it in the file. */
export const deletions = {
  deleteFact: (file: SqliteFile, id: string): boolean =>
    file.sql('DELETE FROM fact WHERE id = ?').run(id).changes > 0,

  deleteSession: (file: SqliteFile, id: string): boolean => deleteSession(file, id) !== undefined,

  deleteUser: (
    file: SqliteFile,
    userId: string,
  ): { sessions: number; turns: number; facts: number } => deleteUser(file, userId),

  pruneSome: (file: SqliteFile, policy: PrunePolicy, limit: number): number =>
    pruneSome(file, policy, limit),
};

type Operations = typeof reads & typeof writes & typeof deletions;

export type Method = keyof Operations;

export type Arguments<M extends Method> =
  Parameters<Operations[M]> extends [SqliteFile, ...infer Rest] ? Rest : never;

export type Result<M extends Method> = ReturnType<Operations[M]>;
