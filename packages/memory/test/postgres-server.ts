import pg from 'pg';

/** A server for tests, and schemas of their own in it. */
export interface PostgresServer {
  connectionString: string;
  host: string;
  port: number;
  /** A name that nobody else has; the schema is dropped by `end`. */
  newSchema(): string;
  run(statement: string): Promise<unknown[]>;
  end(): Promise<void>;
}

const fallbacks = ['postgres', 'root'].map((user) => `postgres://${user}@127.0.0.1:5432/test`);

/** `KORTANA_TEST_POSTGRES_URL`, else one on loopback's 5432; undefined when there is none. */
export async function findPostgres(): Promise<PostgresServer | undefined> {
  const named = process.env['KORTANA_TEST_POSTGRES_URL'];
  for (const connectionString of named ? [named] : fallbacks) {
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
    try {
      await client.connect();
    } catch (error) {
      if (named) throw error;
      continue;
    }
    return serverOf(connectionString, client);
  }
  return undefined;
}

/** For the title of a suite: why it is skipped. */
export function whyNot(server: PostgresServer | undefined): string {
  return server ? '' : ': skipped, no server at KORTANA_TEST_POSTGRES_URL nor 127.0.0.1:5432';
}

function serverOf(connectionString: string, client: pg.Client): PostgresServer {
  const schemas: string[] = [];
  return {
    connectionString,
    host: client.host,
    port: client.port,
    newSchema() {
      const schema = `kortana_test_${process.pid}_${Date.now().toString(36)}_${schemas.length}`;
      schemas.push(schema);
      return schema;
    },
    run: async (statement) => (await client.query(statement)).rows as unknown[],
    async end() {
      await client.query('SET client_min_messages = warning');
      for (const schema of schemas) await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
      await client.end();
    },
  };
}
