import { expectTypeOf } from 'vitest';
import { gatherSettled } from './gather-settled.ts';
import { gatherWithLimit } from './gather-with-limit.ts';

const text = async () => 'a';
const count = async () => 1;
const many: (() => Promise<number>)[] = [count];

expectTypeOf(gatherWithLimit([text, count])).resolves.toEqualTypeOf<[string, number]>();
expectTypeOf(gatherWithLimit([text, count], { limit: 2 })).resolves.toEqualTypeOf<
  [string, number]
>();
expectTypeOf(gatherWithLimit(text, count)).resolves.toEqualTypeOf<[string, number]>();
expectTypeOf(gatherWithLimit(text, count, { limit: 2 })).resolves.toEqualTypeOf<[string, number]>();
expectTypeOf(gatherWithLimit(many)).resolves.toEqualTypeOf<number[]>();
expectTypeOf(gatherSettled([text, count])).resolves.toEqualTypeOf<
  [PromiseSettledResult<string>, PromiseSettledResult<number>]
>();
