import type { StoredTurn, Turn } from './turn.ts';

/** Whose turns: of one session, of one user in all sessions, of both together, or (empty) all. */
export interface Scope {
  sessionId?: string | undefined;
  userId?: string | undefined;
}

export interface SessionKey {
  sessionId: string;
  /** When given, a session of another user is as if it weren't there. */
  userId?: string | undefined;
}

export interface WindowLimits {
  maxTokens: number;
  maxMessages: number;
}

export interface SearchQuery {
  /** Words as `searchTerms` makes them. The store leaves out those that are everywhere. */
  terms: string[];
  /** The most hits, best first. */
  k: number;
}

export interface VectorQuery {
  /** Vectors of different models can't be compared: only those of this one are looked at. */
  model: string;
  vector: number[];
  k: number;
}

export interface SearchHit {
  turn: StoredTurn;
  /** Higher is better; comparable within one answer only. */
  score: number;
}

/** A thing a user wants remembered. */
export interface Fact {
  id: string;
  userId: string;
  text: string;
  /** Milliseconds since 1970. */
  at: number;
}

export interface SessionInfo {
  id: string;
  userId?: string;
  title?: string;
  archived: boolean;
  createdAt: number;
  updatedAt: number;
  turns: number;
}

/** A session with all its turns, oldest first. */
export interface SessionDump {
  session: SessionInfo;
  turns: StoredTurn[];
}

export interface SessionFilter {
  userId?: string | undefined;
  /** Default: false, the ones not archived. `'all'`: both. */
  archived?: boolean | 'all' | undefined;
  /** Default: 100. */
  limit?: number | undefined;
  /** How many to skip, newest first. Default: 0. */
  offset?: number | undefined;
}

/** Oldest turns go first; a session without turns goes with its last one. */
export interface PrunePolicy {
  maxAgeMs?: number | undefined;
  maxTurns?: number | undefined;
  /** Of the turns' messages as JSON; a store's files are two to four times as large. */
  maxBytes?: number | undefined;
}

export interface StoreStats {
  sessions: number;
  turns: number;
  facts: number;
  /** What it takes in memory or on disk. */
  bytes: number;
}

/** What `ping()` says: that it works, or why it doesn't. */
export type Health =
  | { ok: true; store: string; /** What happened that one should know. */ notices: string[] }
  | { ok: false; store: string; code: string; message: string; notices: string[] };

/** Where vectors are kept, in stores that can: one for each turn and model. */
export interface VectorShelf {
  /** Whether vectors can be kept here at all: a database may lack what it takes. */
  available(): Promise<boolean>;
  put(model: string, rows: { sessionId: string; id: string; vector: number[] }[]): Promise<void>;
  /** Turns that have none of this model yet, newest first. */
  missing(model: string, limit: number): Promise<StoredTurn[]>;
  search(scope: Scope, query: VectorQuery, signal?: AbortSignal): Promise<SearchHit[]>;
}

/**
 * The port that every store fulfils. Plain JSON in and out, so that it can stand behind a thread or
 * a socket. Methods reject with `MemoryError`; only `ping` says it in its answer.
 */
export interface MemoryStore {
  readonly name: string;
  /** Calls the listener with what happens that one should know, as `ping` tells it later. */
  onNotice?(listener: (notice: string) => void): void;
  /**
   * All or nothing, durable when it resolves, and once only: the same `opId` in the same session
   * again changes nothing. A turn that this store will never take (of another user's session)
   * rejects with code `MEMORY_REFUSED`; after anything else, trying again makes sense.
   */
  append(turn: Turn, options: { opId: string }): Promise<void>;
  /** The newest whole turns within the limits, oldest first; of the newest one at least what fits. */
  window(session: SessionKey, limits: WindowLimits): Promise<StoredTurn[]>;
  /** Best first; never a `partial` one. */
  search(scope: Scope, query: SearchQuery, signal?: AbortSignal): Promise<SearchHit[]>;
  readonly vectors?: VectorShelf;
  readonly facts: {
    /** Replaces the one of the same id. */
    put(fact: Fact): Promise<void>;
    /** Newest first. */
    list(filter: { userId: string; limit?: number | undefined }): Promise<Fact[]>;
    /** Whether there was one. */
    delete(id: string): Promise<boolean>;
  };
  readonly sessions: {
    /** The one last written to first. */
    list(filter?: SessionFilter): Promise<SessionInfo[]>;
    /** Whether there is such a session. */
    rename(id: string, title: string): Promise<boolean>;
    archive(id: string, archived: boolean): Promise<boolean>;
    delete(id: string): Promise<boolean>;
    export(id: string): Promise<SessionDump | undefined>;
  };
  /** The user's sessions, turns in sessions of nobody, and facts. */
  deleteUser(userId: string): Promise<{ sessions: number; turns: number; facts: number }>;
  /** Gives the number of turns removed. */
  prune(policy: PrunePolicy): Promise<number>;
  stats(): Promise<StoreStats>;
  /** Never rejects. */
  ping(signal?: AbortSignal): Promise<Health>;
  /** Ends what is open; the store can't be used afterwards. Never rejects. */
  close(): Promise<void>;
}
