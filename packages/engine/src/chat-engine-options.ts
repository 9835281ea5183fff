import type { RetryOptions } from '@kortana/async';
import type { ChatModel, PriceTable } from '@kortana/llm';
import type { Memory } from '@kortana/memory';
import type { BreakerOptions, MetricsCollector } from '@kortana/perf';
import type { Logger } from '@logtape/logtape';
import type { AnswerCacheOptions } from './answer/answer-cache.ts';
import type { Clock } from '@kortana/perf';
import type { ModelChoice, Timeouts } from './models/model-choice.ts';
import type { Persona, PersonaName } from './persona/persona.ts';
import type { Tool } from './tools/tool.ts';

export interface ChatEngineOptions {
  /**
   * The model to ask, or several: the first is asked first, the rest stand in for it in order.
   * Default: what the environment says (see `modelFromEnvironment`), else `offlineModel()`.
   */
  model?: ChatModel | ModelChoice | readonly (ChatModel | ModelChoice)[] | undefined;
  /** What sessions remember; default: in this process; false: nothing. */
  memory?: Memory | false | undefined;
  /** How it speaks: a built-in persona's name, a persona, or a system prompt of two words or more; default: as the model does. */
  persona?: PersonaName | (string & {}) | Persona | undefined;
  /** Answers given before; default: 100 for 5 minutes; false: none are kept. */
  cache?: AnswerCacheOptions | false | undefined;
  /** One breaker for each model; default: 5 failures in a row, 60 s. */
  circuitBreaker?: BreakerOptions | undefined;
  /** On the same model; default: 3 attempts, pauses of 1 s → 60 s. */
  retry?: EngineRetryOptions | undefined;
  timeouts?: EngineTimeouts | undefined;
  /** Functions that the model may have called. Default: none. */
  tools?: readonly Tool[] | undefined;
  /** How often in one answer the model may ask for tools, an integer from 1 up; default: 8. */
  maxToolRounds?: number | undefined;
  /** How many requests may be answered at once, an integer from 1 up; default: 10 000. */
  maxConcurrent?: number | undefined;
  /** How many more may wait, an integer from 0 up; beyond: `ENGINE_OVERLOADED`. Default: 1000. */
  maxQueue?: number | undefined;
  /** Calls that one request may make in all: retries, hedges and recoveries together; an integer from 1 up; default: 5, and one for each model. */
  maxCalls?: number | undefined;
  /** A model that hasn't begun after this many milliseconds is asked a second time. Default: never. */
  hedgeAfterMs?: number | undefined;
  /** The longest message that is taken, in UTF-16 units, an integer from 1 up; default: 100 000. */
  maxMessageLength?: number | undefined;
  /** For `costUsd` in receipts; default: list prices of some models (`defaultPrices` of @kortana/llm). */
  prices?: PriceTable | undefined;
  /** Where operations are counted; default: one of its own. */
  metrics?: MetricsCollector | undefined;
  /** Default: LogTape's `kortana.engine`, silent until configured. */
  logger?: Logger | undefined;
  /** Monotonic, in milliseconds; default: `performance`. */
  clock?: Clock | undefined;
  /** From 0 to 1; default: `Math.random`. */
  random?: (() => number) | undefined;
}

/** AsyncRetry's, but for the limit of one attempt: that is `timeouts.attemptMs`. */
export interface EngineRetryOptions extends Omit<RetryOptions, 'attemptTimeoutMs'> {
  /** A longer Retry-After isn't waited out: on to the next model, or the error that carries it. In milliseconds from 0 up; default: 10 000. */
  maxRetryAfterMs?: number | undefined;
}

export interface EngineTimeouts extends Timeouts {
  /** For the whole answer, whatever is tried for it, in milliseconds above 0; default: 120 000. */
  totalMs?: number | undefined;
}
