import { expectTypeOf } from 'vitest';
import {
  cachedAsync,
  type CircuitBreaker,
  MetricsCollector,
  SingleFlight,
  timedExecution,
  TTLCache,
} from './index.ts';

declare const breaker: CircuitBreaker;
declare function find(id: string, deep?: boolean): Promise<number>;

expectTypeOf(breaker.call(find, 'a')).toEqualTypeOf<Promise<number>>();
expectTypeOf(breaker.call(() => 5)).toEqualTypeOf<number>();
expectTypeOf(breaker.wrap(find)).toEqualTypeOf<typeof find>();
// @ts-expect-error -- the arguments of `call` are those of the function
breaker.call(find, 5);

const cached = cachedAsync({ ttlMs: 5, maxSize: undefined })(find);
expectTypeOf(cached).toExtend<typeof find>();
expectTypeOf(cached('a', true)).toEqualTypeOf<Promise<number>>();
expectTypeOf(cached.cache).toEqualTypeOf<TTLCache<string>>();
// @ts-expect-error -- only async functions are cached
cachedAsync()((id: string) => id);

const timed = timedExecution('find')((id: string) => id.length);
expectTypeOf(timed('a')).toEqualTypeOf<number>();
expectTypeOf(timed.metrics).toEqualTypeOf<MetricsCollector>();

const cache = new TTLCache<string, number>({ defaultTtlMs: null });
expectTypeOf(cache.get('a')).toEqualTypeOf<number | undefined>();
expectTypeOf([...cache]).toEqualTypeOf<[string, number][]>();
// @ts-expect-error -- keys have a type
cache.set(5, 5);

expectTypeOf(new SingleFlight<string, number>().run('a', async () => 5)).toEqualTypeOf<
  Promise<number>
>();
expectTypeOf(new MetricsCollector().time('a', () => find('a'))).toEqualTypeOf<Promise<number>>();
