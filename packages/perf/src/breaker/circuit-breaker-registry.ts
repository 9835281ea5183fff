import { checkInteger, checkObject, checkString } from '@kortana/errors';
import { type BreakerOptions, checkedBreakerOptions } from './breaker-options.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { CircuitState } from './circuit-state.ts';

/** The options of each breaker, except for its `name`, which is its key. */
export interface RegistryOptions extends BreakerOptions {
  /** How many breakers are kept, an integer from 1 up; default: 1000. */
  maxBreakers?: number | undefined;
}

/**
 * One breaker for each key (a host, a model), made when first asked for and named by its key. A full
 * one forgets the closed breaker that was not asked for the longest time; one that isn't closed goes
 * only when no closed one is left, for to forget an open breaker is to close it.
 */
export class CircuitBreakerRegistry {
  readonly #options: BreakerOptions;
  readonly #maxBreakers: number;
  /** In the order in which they were asked for. */
  readonly #breakers = new Map<string, CircuitBreaker>();

  /** @throws TypeError, RangeError for a wrong option */
  constructor(options: RegistryOptions = {}) {
    const { maxBreakers = 1000, ...rest } = checkObject('options', options);
    this.#maxBreakers = checkInteger('maxBreakers', maxBreakers, { min: 1 });
    const { failureRate, slowCalls } = checkedBreakerOptions(rest);
    this.#options = { ...rest, failureRate, slowCalls }; // copies: the caller may change his own
  }

  get(key: string): CircuitBreaker {
    const known = this.#breakers.get(checkString('key', key));
    const breaker = known ?? new CircuitBreaker({ ...this.#options, name: key });
    this.#breakers.delete(key);
    this.#breakers.set(key, breaker); // before anything is looked at, which may tell `onStateChange`
    if (this.#breakers.size > this.#maxBreakers) this.#breakers.delete(this.#mostForgettable(key));
    return breaker;
  }

  delete(key: string): boolean {
    return this.#breakers.delete(key);
  }

  /** The least recently asked for first. */
  entries(): MapIterator<[string, CircuitBreaker]> {
    return new Map(this.#breakers).entries();
  }

  get size(): number {
    return this.#breakers.size;
  }

  /** @param present the one that is asked for now */
  #mostForgettable(present: string): string {
    let oldest: string | undefined;
    for (const [key, breaker] of this.#breakers) {
      if (key === present) continue;
      if (breaker.state === CircuitState.CLOSED) return key;
      oldest ??= key;
    }
    return oldest!;
  }
}
