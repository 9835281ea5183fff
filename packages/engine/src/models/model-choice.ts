import type { ChatModel, Price } from '@kortana/llm';

/** How long a model may take. */
export interface Timeouts {
  /** For a whole plain call, and for a stream up to its first token; in milliseconds above 0; default: 30 000. */
  attemptMs?: number | undefined;
  /** For the first text, thought or tool call of a stream, in milliseconds above 0; default: 10 000. Any sign of life restarts it. */
  firstTokenMs?: number | undefined;
  /** Between two pieces of a stream, in milliseconds above 0; default: 20 000. Any sign of life restarts it. */
  idleMs?: number | undefined;
}

/** A model, and what is special about it. */
export interface ModelChoice {
  model: ChatModel;
  /**
   * The model goes on where the last, unfinished assistant message stops. Then it can finish an
   * answer that another one broke off. Default: false; a model that doesn't do it and is told to
   * would begin anew in the middle of a sentence. `extra`: what the provider wants to be sent for it.
   */
  prefill?: boolean | { extra: Record<string, unknown> } | undefined;
  /** Thinking models need more; default: the engine's. */
  timeouts?: Timeouts | undefined;
  /** What a million of its tokens cost, in US dollars; default: what the engine's `prices` say. */
  price?: Price | undefined;
}
