import type * as Package from './index.ts';
import { createRequire, registerHooks } from 'node:module';
import { expect, test } from 'vitest';
import { z } from 'zod';

// Loaded by Node itself, from source: the loader of the test runner makes every import a getter.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, { ...context, conditions: ['@kortana/source', ...context.conditions] }),
});
const { inRange, inspectText, minLength, Validator, withValidation } = createRequire(
  import.meta.url,
)('./index.ts') as typeof Package;

/** Work is done a thousand times a sample: below a microsecond the clock measures itself. */
function many(work: () => unknown): () => void {
  return () => {
    for (let index = 0; index < 1000; index++) kept = work();
  };
}
let kept: unknown;

const slug = /^[a-z][a-z0-9-]*$/;

test('three rules on a good string, beside the same by hand with zod', async ({ bench }) => {
  const validator = new Validator('slug').minLength(3).maxLength(50).pattern(slug);
  const schema = z.string().min(3).max(50).regex(slug);
  expect(validator.validate('a-good-slug')[0]).toBe(schema.safeParse('a-good-slug').success);
  await bench.compare(
    bench(
      'zod by hand',
      many(() => schema.safeParse('a-good-slug')),
    ),
    bench(
      'Validator.validate',
      many(() => validator.validate('a-good-slug')),
    ),
    bench(
      'Validator.parse',
      many(() => validator.parse('a-good-slug')),
    ),
  );
});

test('three rules on a bad string', async ({ bench }) => {
  const validator = new Validator('slug').minLength(3).maxLength(50).pattern(slug);
  const schema = z.string().min(3).max(50).regex(slug);
  await bench.compare(
    bench(
      'zod by hand',
      many(() => schema.safeParse('A').error?.issues),
    ),
    bench(
      'Validator.validate',
      many(() => validator.validate('A')),
    ),
  );
});

test('a guarded function', async ({ bench }) => {
  const schema = z.object({ name: z.string().min(2), age: z.number().min(0).max(150) });
  const user = { name: 'Ada', age: 36 };
  const fn = (who: { name: string; age: number }) => who.age;
  const guarded = withValidation({ name: minLength(2), age: inRange(0, 150) })(fn);
  await bench.compare(
    bench(
      'zod by hand',
      many(() => fn(schema.parse(user))),
    ),
    bench(
      'withValidation',
      many(() => guarded(user)),
    ),
  );
});

test('cleaning a text of 1000 characters', async ({ bench }) => {
  const clean = 'All is well in here, nothing to see. '.repeat(27);
  const dirty = `${clean}\u202E\u0000\uFEFF`;
  await bench.compare(
    bench(
      'clean',
      many(() => inspectText(clean)),
    ),
    bench(
      'dirty',
      many(() => inspectText(dirty)),
    ),
  );
  return kept;
});
