import type { AsyncRetry, RetryBudget } from '@kortana/async';
import type { ChatModel, Price } from '@kortana/llm';
import type { CircuitBreaker } from '@kortana/perf';
import type { ModelChoice } from './model-choice.ts';

/** A model with all that is kept for it alone: one breaker, one retry budget, its limits. */
export interface Lane {
  readonly model: ChatModel;
  /** The model's name, or the one that the request asks for instead. */
  readonly name: string;
  /** True if `name` has to be told in the request. */
  readonly renamed: boolean;
  /** Of provider, credentials and name: whatever is kept for one must not serve another. */
  readonly key: string;
  readonly provider: string;
  /** The model's, as it was when the engine was made: a model may work it out anew each time. */
  readonly scope: string;
  readonly prefill: ModelChoice['prefill'];
  readonly limits: {
    readonly attemptMs: number;
    readonly firstTokenMs: number;
    readonly idleMs: number;
  };
  readonly price: Price | undefined;
  readonly breaker: CircuitBreaker;
  readonly retry: AsyncRetry;
  readonly budget: RetryBudget;
}
