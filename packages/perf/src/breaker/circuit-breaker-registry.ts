import { checkInteger, checkString } from '@kortana/errors';
import { type BreakerOptions, checkedBreakerOptions } from './breaker-options.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { CircuitState } from './circuit-state.ts';

export interface RegistryOptions extends Omit<BreakerOptions, 'name'> {
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
    const { maxBreakers = 1000, ...rest } = options;
    this.#maxBreakers = checkInteger('maxBreakers', maxBreakers, { min: 1 });
    checkedBreakerOptions(rest);
    this.#options = rest;
  }

  get(key: string): CircuitBreaker {
    let breaker = this.#breakers.get(checkString('key', key));
    if (breaker === undefined) {
      if (this.#breakers.size >= this.#maxBreakers) this.#breakers.delete(this.#mostForgettable());
      breaker = new CircuitBreaker({ ...this.#options, name: key });
    } else this.#breakers.delete(key);
    this.#breakers.set(key, breaker);
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

  #mostForgettable(): string {
    let oldest: string | undefined;
    for (const [key, breaker] of this.#breakers) {
      if (breaker.state === CircuitState.CLOSED) return key;
      oldest ??= key;
    }
    return oldest!;
  }
}
