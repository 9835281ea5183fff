import type { BatchSettings } from './batch-options.ts';
import type { BatchSource } from './batch-source.ts';
import type { RateLimiter } from './rate-limiter.ts';

export interface HandlerContext {
  /** The item's place in the source, from 0. */
  readonly index: number;
  /** Aborted when the call ends early, or this item's time is up. */
  readonly signal: AbortSignal;
}

export type Handler<T, R> = (item: T, context: HandlerContext) => PromiseLike<R> | R;

/** Where results go. What `onValue` and `onError` promise keeps the item's place until it resolves. */
export interface BatchSink<T, R> {
  onValue(value: R, index: number, item: T): Promise<void> | undefined;
  onError(reason: unknown, index: number, item: T): Promise<void> | undefined;
  /** All items have ended, so many. */
  onFinish(ended: number): void;
  /** The source failed, or the run was stopped. */
  onFail(reason: unknown): void;
}

export interface BatchWork<T, R> {
  source: BatchSource<T>;
  handler: Handler<T, R>;
  settings: BatchSettings;
  rate: RateLimiter | undefined;
  signal: AbortSignal | undefined;
}
