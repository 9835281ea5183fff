import type { ChatRequest, ChatResult } from '@kortana/llm';
import type { Output } from '../answer/output.ts';
import type { AnswerSource, Cause } from '../answer/receipt.ts';
import type { Lane } from '../models/lane.ts';
import type { Journal } from '../observe/journal.ts';
import type { Effort } from './effort.ts';

/** `'use'`: read and keep. `'refresh'`: ask anew and keep. `'off'`: neither. */
export type CacheMode = 'use' | 'refresh' | 'off';

/** One request on its way through the pipeline. Stages hand on changed copies. */
export interface Call {
  readonly request: ChatRequest;
  /** Whether the model is asked for a stream. */
  readonly streamed: boolean;
  readonly cache: CacheMode;
  /** Whose it is, where anything personal is in it; else empty. Answers are shared within only. */
  readonly tenant: string;
  /** The name under which the first model's answer may be shared; undefined: it may not. */
  readonly key: string | undefined;
  readonly signal: AbortSignal | undefined;
  /** The models that may be asked, in order. */
  readonly lanes: readonly Lane[];
  /** The one that is being asked. */
  readonly lane: Lane;
  readonly output: Output;
  readonly journal: Journal;
  readonly effort: Effort;
  /** The model is asked to go on where the output stands. */
  readonly continues?: boolean;
  /** Called before an attempt sends anything; throws if another one was faster. */
  readonly claim?: () => void;
}

/** A whole answer. Whoever was to read it as a stream has got all of it by then. */
export interface Answer {
  readonly result: ChatResult;
  readonly provider: string;
  readonly source: AnswerSource;
  readonly lane?: Lane;
  /** Why the first model didn't give it. */
  readonly missing?: Cause;
}

export type Next = (call: Call) => Promise<Answer>;

/** One concern of the pipeline. It sees the call on its way in and the answer, or error, on its way out. */
export type Stage = (call: Call, next: Next) => Promise<Answer>;

/** The stages in order, the first outermost, around what asks the model. */
export function pipeline(stages: readonly Stage[], ask: Next): Next {
  return stages.reduceRight<Next>((next, stage) => (call) => stage(call, next), ask);
}
