import { startTimer } from '../waiting/start-timer.ts';
import type { PoolSettings } from './pool-options.ts';
import type { Connection, Stock } from './stock.ts';

/**
 * The connections that nobody has. The one used last is lent first, so that what isn't needed grows
 * old, and goes: down to `minSize`. What has lived or was lent long enough goes too.
 */
export class IdleShelf<T> {
  readonly #settings: PoolSettings<T>;
  readonly #stock: Stock<T>;
  /** From the one that is idle for longest to the one used last. */
  #idle: Connection<T>[] = [];
  #stopTimer: (() => void) | undefined;

  constructor(settings: PoolSettings<T>, stock: Stock<T>) {
    this.#settings = settings;
    this.#stock = stock;
  }

  get size(): number {
    return this.#idle.length;
  }

  put(connection: Connection<T>): void {
    connection.state = 'idle';
    connection.since = this.#settings.clock.now();
    this.#idle.push(connection);
    if (this.#stopTimer === undefined) this.#watch();
  }

  /** One that may be lent. */
  take(): Connection<T> | undefined {
    for (;;) {
      const connection = this.#idle.pop();
      if (connection === undefined) return undefined;
      if (!this.isWorn(connection) && !this.#isSpare(connection)) return connection;
      this.#stock.destroy(connection);
    }
  }

  /** Whether it must not be lent again. */
  isWorn({ uses, bornAt }: Connection<T>): boolean {
    const { maxUses, maxLifetimeMs, clock } = this.#settings;
    if (uses >= maxUses) return true;
    return maxLifetimeMs !== Infinity && clock.now() - bornAt >= maxLifetimeMs;
  }

  clear(): void {
    this.#stopTimer?.();
    const idle = this.#idle;
    this.#idle = [];
    for (const connection of idle) this.#stock.destroy(connection);
  }

  #isSpare({ since }: Connection<T>): boolean {
    const { idleTimeoutMs, minSize, clock } = this.#settings;
    return clock.now() - since >= idleTimeoutMs && this.#stock.size > minSize;
  }

  /** One timer for all; it isn't touched when a connection is taken and given back. */
  #watch(): void {
    this.#stopTimer = undefined;
    const { idleTimeoutMs, minSize, clock } = this.#settings;
    const [oldest] = this.#idle;
    if (oldest === undefined || idleTimeoutMs === Infinity || this.#stock.size <= minSize) return;
    const restMs = oldest.since + idleTimeoutMs - clock.now();
    this.#stopTimer = startTimer(restMs, () => this.#reap(), { keepAlive: false });
  }

  #reap(): void {
    let [oldest] = this.#idle;
    while (oldest !== undefined && this.#isSpare(oldest)) {
      this.#idle.shift();
      this.#stock.destroy(oldest);
      [oldest] = this.#idle;
    }
    this.#watch();
  }
}
