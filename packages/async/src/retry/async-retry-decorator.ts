import { AsyncRetry } from './async-retry.ts';
import type { RetryOptions } from './retry-options.ts';

type AsyncFunction = (...args: never[]) => Promise<unknown>;

/** Wraps a function, and decorates a method in either dialect (TC39 and `experimentalDecorators`). */
export interface RetryDecorator {
  <F extends AsyncFunction>(fn: F, context?: ClassMethodDecoratorContext): F;
  <F extends AsyncFunction>(
    target: object,
    name: string | symbol,
    descriptor: TypedPropertyDescriptor<F>,
  ): TypedPropertyDescriptor<F>;
}

/**
 * AsyncRetry as a decorator and a wrapper; `this` and the arguments are kept.
 *
 *     const load = asyncRetry({ maxAttempts: 5 })(async (id: string) => fetchUser(id));
 */
export function asyncRetry(options?: RetryOptions): RetryDecorator {
  const retry = new AsyncRetry(options);
  const decorate = (
    target: AsyncFunction | object,
    _context?: unknown,
    descriptor?: TypedPropertyDescriptor<AsyncFunction>,
  ): unknown =>
    descriptor === undefined
      ? retry.wrap(target as AsyncFunction)
      : { ...descriptor, value: retry.wrap(descriptor.value!) };
  return decorate as RetryDecorator;
}
