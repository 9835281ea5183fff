import { type FunctionDecorator, functionDecorator } from '@kortana/perf';
import { AsyncRetry } from './async-retry.ts';
import type { RetryOptions } from './retry-options.ts';

export type RetryDecorator = FunctionDecorator<unknown, (...args: never[]) => Promise<unknown>>;

/**
 * AsyncRetry as a wrapper (`asyncRetry(options)(fn)`) and as a decorator of methods in either
 * dialect (TC39 and `experimentalDecorators`); `this` and the arguments are kept.
 */
export function asyncRetry(options?: RetryOptions): RetryDecorator {
  const retry = new AsyncRetry(options);
  return functionDecorator((fn) => retry.wrap(fn) as unknown as typeof fn);
}
