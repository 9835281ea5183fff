import type * as Package from './index.ts';
import { createRequire, registerHooks } from 'node:module';
import { test } from 'vitest';

// Loaded by Node itself, from source: the loader of the test runner makes every import a getter.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, { ...context, conditions: ['@kortana/source', ...context.conditions] }),
});
const { handleError, KortanaError, maskText, ServiceError } = createRequire(import.meta.url)(
  './index.ts',
) as typeof Package;

/** Work is done a thousand times a sample: below a microsecond the clock measures itself. */
function many(work: () => unknown): () => void {
  return () => {
    for (let index = 0; index < 1000; index++) kept = work();
  };
}
let kept: unknown;

test('to make an error costs at most twice a plain one', async ({ bench }) => {
  const cause = new Error('below');
  const context = { model: 'm', attempt: 2 };
  await bench.compare(
    bench(
      'Error',
      many(() => new Error('no answer')),
    ),
    bench(
      'Error with a cause',
      many(() => new Error('no answer', { cause })),
    ),
    bench(
      'KortanaError',
      many(() => new KortanaError('no answer')),
    ),
    bench(
      'KortanaError with all options',
      many(
        () =>
          new KortanaError('no answer', {
            code: 'X',
            severity: 'high',
            recoverable: true,
            context,
            cause,
          }),
      ),
    ),
    bench(
      'ServiceError',
      many(
        () =>
          new ServiceError('no answer', { serviceName: 'openai', httpStatus: 503, context, cause }),
      ),
    ),
  );
  return kept;
});

test('what is done with errors', async ({ bench }) => {
  const error = new ServiceError('no answer', { httpStatus: 503 });
  const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
  const text = 'The server at https://api.example.com/v1 answered 503: try again later. '.repeat(
    14,
  );
  await bench.compare(
    bench(
      'handleError of ours',
      many(() => handleError(error)),
    ),
    bench(
      'handleError of Node’s',
      many(() => handleError(reset)),
    ),
    bench(
      'toJSON',
      many(() => error.toJSON()),
    ),
    bench(
      'maskText, 1 kB without secrets',
      many(() => maskText(text)),
    ),
  );
});
