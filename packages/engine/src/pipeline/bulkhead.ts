import { ServiceError } from '@kortana/errors';
import type { Clock } from '@kortana/perf';

interface Waiter {
  enter: () => void;
}

/**
 * Bounds how many requests are being answered at once, and how many wait for a place. The queue is
 * fair: tenants take turns, so that one with a thousand requests holds up the others by one each.
 */
export class Bulkhead {
  readonly #maxConcurrent: number;
  readonly #maxQueue: number;
  readonly #clock: Clock;
  /** Tenants in the order of their turns, each with its own queue; none is ever empty. */
  readonly #queues = new Map<string, Set<Waiter>>();
  #running = 0;
  #queued = 0;
  #usualMs = 1000;

  constructor(options: { maxConcurrent: number; maxQueue: number; clock: Clock }) {
    this.#maxConcurrent = options.maxConcurrent;
    this.#maxQueue = options.maxQueue;
    this.#clock = options.clock;
  }

  get running(): number {
    return this.#running;
  }

  get queued(): number {
    return this.#queued;
  }

  /**
   * Runs `fn` when there is a place.
   *
   * @throws ServiceError `ENGINE_OVERLOADED` at once if the queue is full
   */
  async run<T>(fn: () => Promise<T>, tenant: string, signal: AbortSignal | undefined): Promise<T> {
    if (this.#running < this.#maxConcurrent) this.#running++;
    else await this.#wait(tenant, signal);
    const startedAt = this.#clock.now();
    try {
      return await fn();
    } finally {
      this.#usualMs += (this.#clock.now() - startedAt - this.#usualMs) / 16;
      this.#leave();
    }
  }

  #wait(tenant: string, signal: AbortSignal | undefined): Promise<void> {
    if (this.#queued >= this.#maxQueue) throw this.#overloaded();
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        enter: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = (): void => {
        this.#remove(tenant, waiter);
        reject(signal?.reason);
      };
      signal?.throwIfAborted();
      signal?.addEventListener('abort', onAbort, { once: true });
      const queue = this.#queues.get(tenant);
      if (queue === undefined) this.#queues.set(tenant, new Set([waiter]));
      else queue.add(waiter);
      this.#queued++;
    });
  }

  #remove(tenant: string, waiter: Waiter): void {
    const queue = this.#queues.get(tenant);
    if (queue?.delete(waiter) !== true) return;
    this.#queued--;
    if (queue.size === 0) this.#queues.delete(tenant);
  }

  /** The place goes to the next tenant's first; the tenant then waits for all others' turns. */
  #leave(): void {
    const turn = this.#queues.entries().next();
    if (turn.done === true) {
      this.#running--;
      return;
    }
    const [tenant, queue] = turn.value;
    const [waiter] = queue as Iterable<Waiter> as [Waiter];
    this.#queues.delete(tenant);
    queue.delete(waiter);
    this.#queued--;
    if (queue.size > 0) this.#queues.set(tenant, queue);
    waiter.enter();
  }

  #overloaded(): ServiceError {
    const waves = this.#queued / this.#maxConcurrent;
    const retryAfterMs = Math.min(60_000, Math.max(100, Math.ceil(waves * this.#usualMs)));
    return new ServiceError(
      `The engine is overloaded: ${this.#running} requests are being answered, ${this.#queued} wait`,
      { code: 'ENGINE_OVERLOADED', recoverable: true, retryAfterMs, serviceName: 'engine' },
    );
  }
}
