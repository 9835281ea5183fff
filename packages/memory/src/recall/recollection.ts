import type { Cause } from '../cause.ts';
import type { ChatMessage } from '../chat-message.ts';
import type { RecallItem } from './recall-items.ts';

export interface RecallRequest {
  sessionId: string;
  /** Whose facts and other sessions may be recalled too. */
  userId?: string | undefined;
  /** What is asked now. */
  query: string;
}

export interface Recollection {
  /** The newest turns of the session, oldest first, ready to stand before the query. */
  messages: ChatMessage[];
  /** Facts and older turns that may help to answer. */
  items: RecallItem[];
  /** What is missing, and why. Absent when nothing is. */
  degraded?: Cause[];
}
