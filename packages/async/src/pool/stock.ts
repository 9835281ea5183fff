import { KortanaError, TimeoutError } from '@kortana/errors';
import { logger } from '../log.ts';
import { settled } from '../waiting/abortable.ts';
import { startTimer } from '../waiting/start-timer.ts';
import type { PoolSettings } from './pool-options.ts';

/** A connection, from its birth to its end. */
export interface Connection<T> {
  readonly value: T;
  readonly bornAt: number;
  state: 'idle' | 'checked' | 'lent';
  /** How often it was lent, which also tells one loan from another. */
  uses: number;
  /** When it became idle. */
  since: number;
  stopLeakTimer: (() => void) | undefined;
}

export interface StockListener<T> {
  onBirth(connection: Connection<T>): void;
  /** The caller who waits for it can be told; its place may not be free yet. */
  onMiscarriage(error: unknown): void;
  /** A place has become free. */
  onRoom(): void;
}

/**
 * The connections that there are, with those being made and those being destroyed: never more than
 * `maxSize` together, and each destroyed once.
 */
export class Stock<T> {
  readonly #settings: PoolSettings<T>;
  readonly #listener: StockListener<T>;
  readonly #connections = new Map<T, Connection<T>>();
  readonly #births = new Set<AbortController>();
  readonly #deaths = new Set<Promise<void>>();
  /** Births that somebody still hopes for: not those whose time is up. */
  #expected = 0;

  constructor(settings: PoolSettings<T>, listener: StockListener<T>) {
    this.#settings = settings;
    this.#listener = listener;
  }

  get size(): number {
    return this.#connections.size;
  }

  get creating(): number {
    return this.#births.size;
  }

  get expected(): number {
    return this.#expected;
  }

  get hasRoom(): boolean {
    const alive = this.#connections.size + this.#births.size + this.#deaths.size;
    return alive < this.#settings.maxSize;
  }

  get isEmpty(): boolean {
    return this.#connections.size + this.#births.size + this.#deaths.size === 0;
  }

  find(value: T): Connection<T> | undefined {
    return this.#connections.get(value);
  }

  all(): Connection<T>[] {
    return [...this.#connections.values()];
  }

  create(): void {
    const { create, createTimeoutMs } = this.#settings;
    const controller = new AbortController();
    let isExpected = true;
    const unexpect = (): void => {
      if (isExpected) this.#expected--;
      isExpected = false;
    };
    this.#births.add(controller);
    this.#expected++;
    const stopTimer = startTimer(
      createTimeoutMs,
      () => {
        const error = new TimeoutError(`create took longer than ${createTimeoutMs} ms`, {
          operation: 'create',
          timeoutMs: createTimeoutMs,
        });
        unexpect();
        controller.abort(error);
        this.#listener.onMiscarriage(error);
      },
      { keepAlive: false },
    );
    const settle = (): boolean => {
      const wasExpected = isExpected;
      stopTimer();
      unexpect();
      this.#births.delete(controller);
      return wasExpected;
    };
    settled(() => create(controller.signal)).then(
      (value) => {
        settle();
        this.#admit(value, controller.signal.aborted);
      },
      (error: unknown) => {
        if (settle()) this.#listener.onMiscarriage(error);
        else this.#listener.onRoom();
      },
    );
  }

  /** Calls off all that are being made; who comes all the same is destroyed. */
  callOffBirths(reason: unknown): void {
    for (const controller of this.#births) controller.abort(reason);
  }

  destroy(connection: Connection<T>): void {
    connection.stopLeakTimer?.();
    this.#connections.delete(connection.value);
    const { destroy } = this.#settings;
    if (destroy !== undefined) this.#bury(() => destroy(connection.value));
    this.#listener.onRoom();
  }

  /** Resolves when all that were being destroyed by now are, or hang. */
  async buried(): Promise<void> {
    await Promise.all(this.#deaths);
  }

  /** @param tooLate whether its signal was aborted, so that it may be only half alive */
  #admit(value: T, tooLate: boolean): void {
    if (this.#connections.has(value)) {
      this.#listener.onMiscarriage(
        new KortanaError('`create` gave a connection that is in the pool already', {
          code: 'POOL_DUPLICATE',
        }),
      );
      return;
    }
    const bornAt = this.#settings.clock.now();
    const connection: Connection<T> = {
      value,
      bornAt,
      state: 'idle',
      uses: 0,
      since: bornAt,
      stopLeakTimer: undefined,
    };
    if (tooLate) this.destroy(connection);
    else {
      this.#connections.set(value, connection);
      this.#listener.onBirth(connection);
    }
  }

  /**
   * A place is free when `destroy` has ended; one that hangs gives it back after a while, and keeps
   * no process alive meanwhile.
   */
  #bury(destroy: () => Promise<void> | void): void {
    const { createTimeoutMs } = this.#settings;
    const death = new Promise<void>((resolve) => {
      const giveUp = (): void => {
        logger.warn('Destroying a connection takes longer than {createTimeoutMs} ms', {
          createTimeoutMs,
        });
        resolve();
      };
      const stopTimer = startTimer(createTimeoutMs, giveUp, { keepAlive: false });
      const end = (): void => (stopTimer(), resolve());
      settled(destroy).then(end, (error: unknown) => {
        logger.warn('Destroying a connection failed: {error}', { error });
        end();
      });
    }).then(() => {
      this.#deaths.delete(death);
      this.#listener.onRoom();
    });
    this.#deaths.add(death);
  }
}
