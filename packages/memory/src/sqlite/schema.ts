/**
 * The steps from an empty file to the present form; `PRAGMA user_version` counts those taken. A step
 * that was released is never changed.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE session (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    user TEXT,
    title TEXT,
    archived INTEGER NOT NULL DEFAULT 0,
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL,
    turns INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX session_of_user ON session (user, updated_at);
  CREATE INDEX session_by_time ON session (updated_at);

  CREATE TABLE turn (
    number INTEGER PRIMARY KEY,
    session INTEGER NOT NULL REFERENCES session (number) ON DELETE CASCADE,
    id TEXT NOT NULL,
    user TEXT,
    at REAL NOT NULL,
    kind TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    messages TEXT NOT NULL,
    UNIQUE (session, id)
  ) STRICT;
  CREATE INDEX turn_of_session ON turn (session);

  -- The words as searchTerms makes them: no tokenizer may change them any more. The text itself isn't
  -- kept twice. Scope: who may find it, as words too, so that a search never looks at others.
  CREATE VIRTUAL TABLE turn_words USING fts5 (
    scope, words, content = '', contentless_delete = 1, tokenize = "ascii tokenchars '+#'"
  );
  CREATE VIRTUAL TABLE turn_vocabulary USING fts5vocab (turn_words, 'row');

  CREATE TABLE vector (
    model TEXT NOT NULL,
    turn INTEGER NOT NULL REFERENCES turn (number) ON DELETE CASCADE,
    value BLOB NOT NULL,
    PRIMARY KEY (model, turn)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX vector_of_turn ON vector (turn);

  CREATE TABLE fact (
    id TEXT PRIMARY KEY,
    user TEXT NOT NULL,
    text TEXT NOT NULL,
    at REAL NOT NULL
  ) STRICT;
  CREATE INDEX fact_of_user ON fact (user, at);
  `,
  // An order by time costs each turn two pages more to write, and saves a list some milliseconds.
  // Since this step the words of the newest turns may wait: programs before it don't know that.
  `
  DROP INDEX session_by_time;
  DROP INDEX session_of_user;
  CREATE INDEX session_of_user ON session (user);
  `,
];
