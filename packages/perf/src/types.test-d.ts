import { expectTypeOf } from 'vitest';
import {
  cachedAsync,
  type BreakerOptions,
  type BreakerSnapshot,
  CircuitBreaker,
  CircuitBreakerRegistry,
  CircuitOpenError,
  type CircuitState,
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
cachedAsync({ cache: new TTLCache<string, number>() })(find);
cachedAsync({ cache: new TTLCache() })(find);
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

// `this` is part of a function's type, and stays so.
declare function read(this: { owner: string }, what: string): Promise<string>;
for (const wrapped of [cachedAsync()(read), timedExecution()(read), breaker.wrap(read)]) {
  expectTypeOf(wrapped.call({ owner: 'Ann' }, 'name')).toEqualTypeOf<Promise<string>>();
  // @ts-expect-error -- called without one
  void wrapped('name');
}

// Options may be given as they are held: undefined, frozen, or as one whole.
declare const options: BreakerOptions;
expectTypeOf(
  new CircuitBreakerRegistry({ ...options, name: 'x', maxBreakers: undefined }),
).toExtend<CircuitBreakerRegistry>();
expectTypeOf(CircuitBreaker.fromJSON).parameter(0).toEqualTypeOf<BreakerSnapshot>();
declare const error: unknown;
if (CircuitOpenError.isInstance(error)) {
  expectTypeOf(error.breakerName).toEqualTypeOf<string>();
  expectTypeOf(error.retryAfterMs).toEqualTypeOf<number>();
}
expectTypeOf<CircuitState>().toEqualTypeOf<'closed' | 'open' | 'half_open'>();
