export { Memory } from './memory.ts';
export type { FlushOptions } from './flush-options.ts';
export type { WaitOptions } from './manage.ts';
export type { MemoryStats } from './memory-stats.ts';
export type { UserDump } from './user-data.ts';
export type { MemoryOptions, OutboxLimits, RecallOptions } from './memory-options.ts';
export type { MemoryEvent } from './memory-event.ts';
export type { Cause, MemoryPart } from './cause.ts';
export type { RecallRequest, Recollection } from './recall/recollection.ts';
export type { RecallItem } from './recall/recall-items.ts';
export type { RecordResult } from './outbox/turn-queue.ts';
export type { DropReason } from './outbox/outbox.ts';
export type { FoundSession, Sessions } from './sessions/sessions.ts';
export { recalledContext } from './text/recalled-context.ts';
export type { Embedder } from './embeddings/embedder.ts';
export {
  embeddingsEndpoint,
  type EmbeddingsEndpointOptions,
} from './embeddings/embeddings-endpoint.ts';

export { inMemoryStore, type InMemoryStoreOptions } from './in-memory/in-memory-store.ts';

export { sqliteStore, type SqliteStoreOptions } from './sqlite/sqlite-store.ts';

export type { ChatMessage, ContentPart, ToolCall } from './chat-message.ts';
export type { StoredTurn, Turn, TurnKind } from './turn.ts';

// For authors of stores.
export type {
  Fact,
  Health,
  MemoryStore,
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
  VectorShelf,
  WindowLimits,
} from './memory-store.ts';
export { storedTurn } from './stored-turn.ts';
export { refusedSession } from './refused.ts';
export { fitWindow } from './recall/fit-window.ts';
export { estimateTokens } from './text/estimate-tokens.ts';
export { rarestTerms, type TermFrequency } from './text/rarest-terms.ts';
export { searchTerms } from './text/search-terms.ts';
export { turnText } from './text/turn-text.ts';
