export type { Clock } from './clock/clock.ts';
export { TTLCache } from './cache/ttl-cache.ts';
export type { CacheStats } from './cache/cache-stats.ts';
export type { RemovalReason, SetOptions, TTLCacheOptions } from './cache/ttl-cache-options.ts';
export { CircuitBreaker } from './breaker/circuit-breaker.ts';
export type { BreakerOptions, ErrorClass, StateChange } from './breaker/breaker-options.ts';
export type { BreakerSnapshot } from './breaker/breaker-snapshot.ts';
export { CircuitOpenError } from './breaker/circuit-open-error.ts';
export {
  CircuitBreakerRegistry,
  type RegistryOptions,
} from './breaker/circuit-breaker-registry.ts';
export { CircuitState } from './breaker/circuit-state.ts';
export type { Permit } from './breaker/permit.ts';
export type { RateLimits } from './breaker/rate-window.ts';
export type { SlowCallLimits } from './breaker/slow-calls.ts';
export { MetricsCollector, type MetricsOptions } from './metrics/metrics-collector.ts';
export type { MetricsSnapshot } from './metrics/metrics-snapshot.ts';
export type { OperationSummary } from './metrics/operation.ts';
export { SingleFlight, type RunOptions } from './flight/single-flight.ts';
export {
  cachedAsync,
  type Cached,
  type CachedAsyncOptions,
  type ResultCache,
} from './functions/cached-async.ts';
export {
  timedExecution,
  type TimedExecutionOptions,
  type Timing,
} from './functions/timed-execution.ts';
export { functionDecorator, type FunctionDecorator } from './functions/function-decorator.ts';
export { stableKey } from './key/stable-key.ts';

// For authors of packages.
export { systemClock } from './clock/clock.ts';
export { newTurnClock, turnClock } from './clock/turn-clock.ts';
