import { MemoryError } from '@kortana/errors';
import type { CompiledQuery } from 'kysely';
import pg from 'pg';
import { codes } from '../error-codes.ts';
import { logger } from '../log.ts';
import { isDead, isFromServer, meaningOf } from './meaning-of.ts';

export interface ConnectionSettings {
  connectionString: string;
  maxConnections: number;
  connectTimeoutMs: number;
  statementTimeoutMs: number;
}

/** Runs one query. */
export type Run = <R>(query: CompiledQuery<R>) => Promise<R[]>;

// What the server doesn't end in time is ended here a little later: the line may be what hangs.
const graceMs = 500;

/** Connections to one database: bounded, never waited for without end, thrown away when in doubt. */
export class Connections {
  readonly #pool: pg.Pool;
  readonly #prepare: (run: Run) => Promise<void>;
  #prepared: Promise<void> | undefined;

  /** @param prepare runs once before all else, and again should it fail. */
  constructor(settings: ConnectionSettings, prepare: (run: Run) => Promise<void>) {
    this.#prepare = prepare;
    this.#pool = new pg.Pool({
      connectionString: settings.connectionString,
      max: settings.maxConnections,
      connectionTimeoutMillis: settings.connectTimeoutMs,
      statement_timeout: settings.statementTimeoutMs,
      query_timeout: settings.statementTimeoutMs + graceMs,
      application_name: 'kortana',
      keepAlive: true,
      allowExitOnIdle: true,
    });
    // An idle connection that breaks is replaced; unheard, its error would end the process.
    this.#pool.on('error', (error) => logger.debug('An idle connection broke: {error}', { error }));
  }

  async query<R>(query: CompiledQuery<R>): Promise<R[]> {
    await this.ready();
    return this.#use((run) => run(query));
  }

  /** All or nothing. */
  async transaction<T>(body: (run: Run) => Promise<T>): Promise<T> {
    await this.ready();
    return this.#transaction(body);
  }

  async close(): Promise<void> {
    if (!this.#pool.ending) await this.#pool.end();
  }

  /** Resolves when `prepare` has run. */
  ready(): Promise<void> {
    this.#prepared ??= this.#transaction(this.#prepare).catch((error: unknown) => {
      this.#prepared = undefined;
      throw error;
    });
    return this.#prepared;
  }

  #transaction<T>(body: (run: Run) => Promise<T>): Promise<T> {
    return this.#use(async (run, client) => {
      await client.query('BEGIN');
      try {
        const result = await body(run);
        await client.query('COMMIT');
        return result;
      } catch (error) {
        if (leavesWell(error)) await client.query('ROLLBACK');
        throw error;
      }
    });
  }

  /** Tries once more when the connection turns out to be dead: all that is done can be done twice. */
  async #use<T>(body: (run: Run, client: pg.PoolClient) => Promise<T>): Promise<T> {
    try {
      return await this.#useOnce(body);
    } catch (error) {
      if (!isDead(error)) throw asMemoryError(error);
    }
    return this.#useOnce(body).catch((error: unknown) => {
      throw asMemoryError(error);
    });
  }

  async #useOnce<T>(body: (run: Run, client: pg.PoolClient) => Promise<T>): Promise<T> {
    if (this.#pool.ending) {
      throw new MemoryError('The store is closed', { code: codes.closed, recoverable: false });
    }
    const client = await this.#pool.connect();
    // Told by the query as well; without a listener it would end the process.
    const ignore = () => {};
    client.on('error', ignore);
    let broken: boolean | undefined;
    try {
      return await body(async <R>({ sql, parameters }: CompiledQuery<R>) => {
        const { rows } = await client.query<R & pg.QueryResultRow>(sql, [...parameters]);
        return rows as R[];
      }, client);
    } catch (error) {
      broken = !leavesWell(error);
      throw error;
    } finally {
      client.off('error', ignore);
      client.release(broken ?? false);
    }
  }
}

/** Whether the connection is good after it: else an answer may still be under way on it. */
function leavesWell(error: unknown): boolean {
  return isFromServer(error) || MemoryError.isInstance(error);
}

function asMemoryError(error: unknown): MemoryError {
  if (MemoryError.isInstance(error)) return error;
  const { code, meaning } = meaningOf(error);
  const recoverable = code !== codes.refused;
  const { message } = error as Error;
  return new MemoryError(`${meaning} (${message})`, { code, recoverable, cause: error });
}
