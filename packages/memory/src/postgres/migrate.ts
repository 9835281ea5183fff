import { type CompiledQuery, sql } from 'kysely';
import { MemoryError } from '@kortana/errors';
import { codes } from '../error-codes.ts';
import type { Run } from './connections.ts';
import type { Schema } from './tables.ts';

/** The steps from an empty schema to the present form. A step that was released is never changed. */
const steps: readonly string[] = [
  `
  CREATE TABLE session (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE,
    "user" text,
    title text,
    archived boolean NOT NULL DEFAULT false,
    created_at double precision NOT NULL,
    updated_at double precision NOT NULL
  );
  CREATE INDEX session_of_user ON session ("user", updated_at);
  CREATE INDEX session_by_time ON session (updated_at);

  CREATE TABLE turn (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    session bigint NOT NULL REFERENCES session ON DELETE CASCADE,
    id text NOT NULL,
    "user" text,
    at double precision NOT NULL,
    kind text NOT NULL,
    messages text NOT NULL,
    bytes integer NOT NULL,
    length integer NOT NULL,
    words tsvector,
    UNIQUE (session, id)
  );
  CREATE INDEX turn_of_session ON turn (session, number);
  CREATE INDEX turn_words ON turn USING gin (words);

  CREATE TABLE fact (
    id text PRIMARY KEY,
    "user" text NOT NULL,
    text text NOT NULL,
    at double precision NOT NULL
  );
  CREATE INDEX fact_of_user ON fact ("user", at);
  `,
  // What a turn takes of a window: a picture is long, but no more than some hundred tokens.
  `
  ALTER TABLE turn ADD COLUMN tokens integer;
  `,
];

/** With pgvector; any number of dimensions, as models differ. */
const vectorStep = (type: string) => `
  CREATE TABLE IF NOT EXISTS vector (
    model text NOT NULL,
    turn bigint NOT NULL REFERENCES turn ON DELETE CASCADE,
    value ${type} NOT NULL,
    PRIMARY KEY (model, turn)
  );
  CREATE INDEX IF NOT EXISTS vector_of_turn ON vector (turn);
`;

/** Within a transaction: brings the schema to its present form; gives pgvector's type, if there. */
export async function migrate(run: Run, { db, name: schema }: Schema): Promise<string | undefined> {
  const raw = (text: string): CompiledQuery => sql.raw(text).compile(db);
  const name = `"${schema.replaceAll('"', '""')}"`;
  // One process at a time: the others find the work done.
  await run(sql`SELECT pg_advisory_xact_lock(hashtext(${`kortana ${schema}`}))`.compile(db));
  const [found] = await run(
    sql<{ version: string | null }>`
      SELECT obj_description(oid, 'pg_namespace') AS version FROM pg_namespace
      WHERE nspname = ${schema}`.compile(db),
  );
  if (found === undefined) await run(raw(`CREATE SCHEMA ${name}`));
  await run(raw(`SET LOCAL search_path TO ${name}`));
  // The version stands in the schema's comment.
  const version = Number(/kortana memory (\d+)/.exec(found?.version ?? '')?.[1] ?? 0);
  if (version > steps.length) {
    throw new MemoryError(`The schema has version ${version}, newer than this program`, {
      code: codes.newerFormat,
      recoverable: false,
    });
  }
  for (const step of steps.slice(version)) await run(raw(step));
  if (version < steps.length) {
    await run(raw(`COMMENT ON SCHEMA ${name} IS 'kortana memory ${steps.length}'`));
  }
  const [extension] = await run(
    sql<{ schema: string }>`
      SELECT quote_ident(nspname) AS schema FROM pg_extension
      JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'vector'`.compile(db),
  );
  if (extension === undefined) return undefined;
  const type = `${extension.schema}.vector`;
  await run(raw(vectorStep(type)));
  return type;
}
