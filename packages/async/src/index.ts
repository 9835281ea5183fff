export { sleep, type SleepOptions } from './waiting/sleep.ts';
export { withTimeout, type TimeoutOptions } from './waiting/with-timeout.ts';

export { gatherWithLimit, type TaskValues } from './gather/gather-with-limit.ts';
export { gatherSettled, type SettledTasks } from './gather/gather-settled.ts';
export type { GatherOptions, Task } from './gather/gather.ts';

export { AsyncRetry, type AttemptContext, type RetryRunOptions } from './retry/async-retry.ts';
export { asyncRetry, type RetryDecorator } from './retry/async-retry-decorator.ts';
export { RetryBudget, type RetryBudgetOptions } from './retry/retry-budget.ts';
export type { Jitter, RetryEvent, RetryOptions } from './retry/retry-options.ts';

export { hedge, type HedgeOptions } from './hedge.ts';

export {
  SharedStream,
  type SharedStreamOptions,
  type StreamSource,
  type SubscribeOptions,
} from './stream/shared-stream.ts';

export { AsyncCache } from './cache/async-cache.ts';
export type { AsyncCacheStats } from './cache/async-cache-stats.ts';
export type { CacheSetOptions, Load, Lookup, LookupOptions, LookupSource } from './cache/lookup.ts';
export type { AsyncCacheOptions } from './cache/async-cache-options.ts';
export type { Serializer } from './cache/entry.ts';
export type { KeyValueStore } from './cache/key-value-store.ts';

export { AsyncBatchProcessor, type ProcessOptions } from './batch/async-batch-processor.ts';
export { BatchError, type BatchFailure } from './batch/batch-error.ts';
export type { BatchOptions, BatchProgress, RateLimit } from './batch/batch-options.ts';
export type { BatchItem } from './batch/batch-stream.ts';
export type { Handler, HandlerContext } from './batch/batch-work.ts';

export { ConnectionPool } from './pool/connection-pool.ts';
export type {
  AcquireOptions,
  ConnectionPoolOptions,
  DrainOptions,
  Lease,
  PoolStats,
} from './pool/pool-options.ts';

export { Bulkhead, type BulkheadOptions, type EnterOptions } from './queue/bulkhead.ts';

// For authors of packages.
export { abortable } from './waiting/abortable.ts';
export { startTimer, type TimerOptions } from './waiting/start-timer.ts';
export { backoffDelayMs, type Backoff } from './retry/backoff.ts';
export { isRecoverable } from './retry/is-recoverable.ts';
