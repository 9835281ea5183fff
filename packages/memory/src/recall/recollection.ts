import { checkObject, checkSignal, checkString } from '@kortana/errors';
import type { Cause } from '../cause.ts';
import type { ChatMessage } from '../chat-message.ts';
import { checkId } from '../check-turn.ts';
import type { WaitOptions } from '../manage.ts';
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

/** Throws a TypeError or RangeError that names what is wrong. Each field is read once. */
export function readRequest(request: RecallRequest, options: WaitOptions = {}) {
  const { sessionId, userId, query } = checkObject('request', request);
  const { signal } = checkObject('options', options);
  return {
    sessionId: checkId('sessionId', sessionId),
    userId: userId === undefined ? undefined : checkId('userId', userId),
    query: checkString('query', query),
    signal: signal === undefined ? undefined : checkSignal('signal', signal),
  };
}
