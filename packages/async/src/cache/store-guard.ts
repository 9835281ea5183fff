import { TimeoutError } from '@kortana/errors';
import { CircuitBreaker, type Clock, type Permit } from '@kortana/perf';
import { logger } from '../log.ts';
import { settled } from '../waiting/abortable.ts';
import { startTimer } from '../waiting/start-timer.ts';
import { type EmittedErrors, emittedErrors } from './emitted-errors.ts';
import type { KeyValueStore } from './key-value-store.ts';

/** How long a store that failed is left alone before it is tried again: a second, growing to five. */
const pauseMs = (openCount: number): number => Math.min(1000 * 2 ** (openCount - 1), 5000);

export interface GuardStats {
  up: boolean;
  errors: number;
  timeouts: number;
  skipped: number;
}

/**
 * Lets nothing of a store's trouble through. The first call that fails or takes too long ends the
 * waiting of all that are under way; from then on the store isn't called, but for one that tries
 * whether it is back, once in a while.
 */
export class StoreGuard {
  readonly #breaker: CircuitBreaker;
  readonly #timeoutMs: number;
  readonly #emitted: Readonly<EmittedErrors>;
  readonly #waiting = new Set<() => void>();
  #errors = 0;
  #timeouts = 0;
  #skipped = 0;

  /** @param onRecovered told when the store is back after an outage */
  constructor(store: KeyValueStore, timeoutMs: number, clock: Clock, onRecovered: () => void) {
    this.#timeoutMs = timeoutMs;
    this.#emitted = emittedErrors(store);
    this.#breaker = new CircuitBreaker({
      name: 'cache store',
      failureThreshold: 1,
      successThreshold: 1,
      recoveryTimeoutMs: pauseMs,
      expectedException: () => true,
      clock,
      onStateChange: ({ from, to }) => {
        if (to === 'closed') {
          logger.info('The cache store is back');
          onRecovered();
        }
        if (to === 'open') {
          if (from === 'closed') logger.warn('The cache store is down: going on without');
          for (const release of this.#waiting) release();
        }
      },
    });
  }

  /**
   * The result, or undefined if the store is down, too slow or failed. Never rejects.
   *
   * @param onLate told if the call succeeds after all when nobody waits for it any more
   */
  async run<T>(
    call: () => PromiseLike<T> | T,
    onLate?: () => void,
  ): Promise<{ result: T } | undefined> {
    const permit = this.#acquire();
    if (permit === undefined) return undefined;
    const before = { ...this.#emitted };
    try {
      const result = await this.#withinLimit(call, onLate);
      // Keyv keeps a store's errors to itself: it emits them, and gives a miss.
      if (this.#emitted.troubles > before.troubles) throw new Error('The store emitted an error');
      if (this.#emitted.garbage > before.garbage) this.#errors++;
      permit.succeed();
      return result;
    } catch (error) {
      if (error instanceof TimeoutError) this.#timeouts++;
      else this.#errors++;
      logger.debug('The cache store failed: {error}', { error });
      permit.fail(error);
      return undefined;
    }
  }

  /** To be told of what the store gave and nobody can read: an error, but no outage. */
  countGarbage(error: unknown): void {
    this.#errors++;
    logger.debug('The cache store gave garbage: {error}', { error });
  }

  get stats(): GuardStats {
    return {
      up: this.#breaker.state === 'closed',
      errors: this.#errors,
      timeouts: this.#timeouts,
      skipped: this.#skipped,
    };
  }

  #acquire(): Permit | undefined {
    try {
      return this.#breaker.acquire();
    } catch {
      this.#skipped++;
      return undefined;
    }
  }

  /** Resolves with undefined when an outage begins meanwhile: no use to wait any longer. */
  #withinLimit<T>(
    call: () => PromiseLike<T> | T,
    onLate?: () => void,
  ): Promise<{ result: T } | undefined> {
    return new Promise((resolve, reject) => {
      let isLate = false;
      const end = (): void => {
        isLate = true;
        stopTimer();
        this.#waiting.delete(release);
      };
      const release = (): void => {
        end();
        resolve(undefined);
      };
      const stopTimer = startTimer(this.#timeoutMs, () => {
        end();
        reject(new TimeoutError('The cache store took too long', { timeoutMs: this.#timeoutMs }));
      });
      this.#waiting.add(release);
      settled(call).then(
        (result) => {
          if (isLate) onLate?.();
          end();
          resolve({ result });
        },
        (error: unknown) => (end(), reject(error)),
      );
    });
  }
}
