import type { FinishReason, TokenUsage } from '@kortana/llm';

/** Where an answer came from. */
export type AnswerSource =
  /** The first model was asked and answered. */
  | 'live'
  /** It had been answered before. */
  | 'cache'
  /** An equal request was in flight: its answer was shared. */
  | 'coalesced'
  /** Answered before, and past its time: shown because of `staleIfErrorMs` or `staleWhileRevalidateMs`. */
  | 'stale'
  /** Another than the first model answered. */
  | 'fallback';

/** What was missing while an answer was made, and why. */
export interface Cause {
  /** `'model.primary'`, `'cache.store'`, or a part of the memory: `'memory.window'`, `'memory.search'` … */
  part: string;
  /** `'down'`: it had failed before and wasn't asked this time. */
  reason: 'timeout' | 'error' | 'down' | 'invalid';
  /** The code of the error behind it, where there is one. */
  code?: string;
  message: string;
}

/** One call of a model, made or refused. */
export interface Attempt {
  model: string;
  provider: string;
  /** `'refused'`: not called, its breaker is open. */
  outcome: 'ok' | 'error' | 'timeout' | 'refused' | 'aborted';
  /** The error's code, where there was one. */
  code?: string;
  /** How long it took, in milliseconds. */
  ms: number;
}

/** Something remembered that went into the prompt. */
export interface MemoryUsed {
  id: string;
  text: string;
  /** Why it was recalled. */
  why: string;
  score: number;
}

/** What was done for an answer, where it came from and what it cost. */
export interface Receipt {
  requestId: string;
  source: AnswerSource;
  /** The model that answered, as its provider names it. */
  model: string;
  provider: string;
  finishReason: FinishReason;
  /** In the order they began; none where no model was asked for this request. */
  attempts: Attempt[];
  /** What the model that answered used for this request; absent where nothing was asked or told. */
  usage?: TokenUsage;
  /** What a shared or kept answer had cost when it was made, and didn't cost again. */
  savedUsage?: TokenUsage;
  /** In US dollars; present only where the model's price was configured and its usage is known. */
  costUsd?: number;
  /** In milliseconds. `firstTokenMs`: streams only. */
  timings: { totalMs: number; firstTokenMs?: number; cacheMs: number; memoryMs: number };
  memoriesUsed: MemoryUsed[];
  /** Empty if all was well. */
  degraded: Cause[];
}
