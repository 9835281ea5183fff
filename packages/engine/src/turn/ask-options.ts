import type { CacheMode } from '../pipeline/call.ts';

/** What a single request may be told. */
export interface AskOptions {
  /** The conversation that it belongs to; without one nothing is remembered. */
  sessionId?: string | undefined;
  /** Whose it is: no answer is shared between users. */
  userId?: string | undefined;
  signal?: AbortSignal | undefined;
  /** `'refresh'`: ask anew and keep that; `'off'`: neither read nor keep. Default: `'use'`. */
  cache?: CacheMode | undefined;
  /** A model's name: that of a configured one, or one that the first model's provider knows. */
  model?: string | undefined;
  /** From 0 to 2; default: the persona's, else the model's own. */
  temperature?: number | undefined;
  /** The most tokens that the answer may have, an integer from 1 up; default: the model's own. */
  maxTokens?: number | undefined;
}

/** For `complete` and `stream`: the request says the rest. */
export type RequestOptions = Pick<AskOptions, 'userId' | 'signal' | 'cache'>;
