import { sql } from 'kysely';
import type { Connections } from './connections.ts';
import type { Schema } from './tables.ts';

export interface FrequencyTable {
  turns: number;
  /** In about how many turns a term is. */
  of: (term: string) => number;
}

const keptMs = 60_000;

/**
 * How common words are, as the planner's statistics tell (autovacuum keeps them up to date): the
 * thousand or so most common ones with their share. Counting would cost a scan for each search.
 */
export class Frequencies {
  readonly #connections: Connections;
  readonly #schema: Schema;
  #table: FrequencyTable = { turns: 0, of: () => 1 };
  #until = -Infinity;

  constructor(connections: Connections, schema: Schema) {
    this.#connections = connections;
    this.#schema = schema;
  }

  async get(): Promise<FrequencyTable> {
    if (performance.now() < this.#until) return this.#table;
    this.#until = performance.now() + keptMs;
    const [row] = await this.#connections.query(
      sql<{ turns: number; terms: string[] | null; shares: number[] | null }>`
        SELECT greatest(reltuples, 0)::float8 AS turns,
          most_common_elems::text::text[] AS terms, most_common_elem_freqs::float8[] AS shares
        FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        LEFT JOIN pg_stats ON schemaname = nspname AND tablename = relname AND attname = 'words'
        WHERE nspname = ${this.#schema.name} AND relname = 'turn'`.compile(this.#schema.db),
    );
    const { turns = 0, terms, shares } = row ?? {};
    const counts = new Map(terms?.map((term, index) => [term, (shares?.[index] ?? 0) * turns]));
    // What isn't listed is rare, or new.
    this.#table = { turns, of: (term) => Math.max(1, counts.get(term) ?? 1) };
    return this.#table;
  }
}
