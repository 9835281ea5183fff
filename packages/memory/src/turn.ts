import type { ChatMessage } from './chat-message.ts';

/**
 * What came of a turn:
 * - `answer` (the default): a whole answer.
 * - `partial`: stopped by the user. Kept and shown in its session, never found by a search.
 * - `apology`, `fallback`, `filtered`: words that no model meant as an answer. Never stored.
 */
export type TurnKind = 'answer' | 'partial' | 'apology' | 'fallback' | 'filtered';

/** One exchange, recorded and given back as a whole: question, tool calls and results, answer. */
export interface Turn {
  sessionId: string;
  /** Whose conversation it is. A session belongs to the first user who is named in it. */
  userId?: string | undefined;
  messages: ChatMessage[];
  /** Milliseconds since 1970. Default: now. */
  at?: number | undefined;
  /** Default: `answer`. */
  kind?: TurnKind | undefined;
}

/** A turn as a store gives it back. */
export interface StoredTurn {
  /** The `opId` it was appended with: unique within its session. */
  id: string;
  sessionId: string;
  userId?: string;
  messages: ChatMessage[];
  at: number;
  kind: 'answer' | 'partial';
}
