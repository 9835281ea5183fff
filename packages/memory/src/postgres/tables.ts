import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  sql,
} from 'kysely';

interface SessionTable {
  number: string;
  id: string;
  user: string | null;
  title: string | null;
  archived: boolean;
  created_at: number;
  updated_at: number;
}

interface TurnTable {
  number: string;
  session: string;
  id: string;
  user: string | null;
  at: number;
  kind: 'answer' | 'partial';
  messages: string;
  bytes: number;
  length: number;
  words: string | null;
  tokens: number | null;
}

interface FactTable {
  id: string;
  user: string;
  text: string;
  at: number;
}

export interface Tables {
  session: SessionTable;
  turn: TurnTable;
  fact: FactTable;
}

/** The tables of one schema, for queries built with Kysely. */
export interface Schema {
  name: string;
  /**
   * Builds queries and runs none: how they are run, on which connection, how long and whether again,
   * is the business of `Connections`.
   */
  db: Kysely<Tables>;
  session: RawBuilder<unknown>;
  turn: RawBuilder<unknown>;
  vector: RawBuilder<unknown>;
  /** `turn` with its `session`, by these names. */
  turns: RawBuilder<unknown>;
}

export function schemaOf(name: string): Schema {
  const session = sql.table(`${name}.session`);
  const turn = sql.table(`${name}.turn`);
  return {
    name,
    db: new Kysely<Tables>({
      dialect: {
        createAdapter: () => new PostgresAdapter(),
        createDriver: () => new DummyDriver(),
        createIntrospector: (db) => new PostgresIntrospector(db),
        createQueryCompiler: () => new PostgresQueryCompiler(),
      },
    }).withSchema(name),
    session,
    turn,
    vector: sql.table(`${name}.vector`),
    turns: sql`${turn} AS turn JOIN ${session} AS session ON session.number = turn.session`,
  };
}
