import { logger, tell } from '../log.ts';
import { startTimer } from '../waiting/start-timer.ts';
import type { PoolSettings } from './pool-options.ts';
import type { Connection, Stock } from './stock.ts';

/** Who has what: only a loan that is under way can be ended, and only once. */
export class Loans<T> {
  readonly #settings: PoolSettings<T>;
  readonly #stock: Stock<T>;
  /** Destroyed while on loan: their holders may still give them back. */
  readonly #forfeited = new Set<T>();

  constructor(settings: PoolSettings<T>, stock: Stock<T>) {
    this.#settings = settings;
    this.#stock = stock;
  }

  begin(connection: Connection<T>): T {
    connection.state = 'lent';
    connection.uses++;
    if (this.#settings.leakAfterMs !== Infinity) this.#watch(connection);
    return connection.value;
  }

  /**
   * The connection, which is nobody's from now on; undefined if it was forfeited.
   *
   * @throws RangeError if it isn't on loan
   */
  end(value: T): Connection<T> | undefined {
    const connection = this.#stock.find(value);
    if (connection?.state === 'lent') return this.#return(connection);
    if (this.#forfeited.delete(value)) return undefined;
    throw new RangeError('Expected a connection that is borrowed from this pool, and only once');
  }

  /** How to end the loan that is under way, which does nothing if its holder has ended it. */
  ending(value: T): () => Connection<T> | undefined {
    const connection = this.#stock.find(value);
    const loan = connection?.uses;
    return () => {
      if (this.#forfeited.delete(value) || this.#stock.find(value) !== connection) return undefined;
      const isSame = connection?.state === 'lent' && connection.uses === loan;
      return isSame ? this.#return(connection) : undefined;
    };
  }

  forfeit({ value }: Connection<T>): void {
    this.#forfeited.add(value);
  }

  #return(connection: Connection<T>): Connection<T> {
    connection.stopLeakTimer?.();
    connection.stopLeakTimer = undefined;
    return connection;
  }

  /** The timer only wakes up, the clock decides. */
  #watch(connection: Connection<T>): void {
    const { clock, leakAfterMs, onLeak } = this.#settings;
    const since = clock.now();
    const wait = (restMs: number): void => {
      connection.stopLeakTimer = startTimer(restMs, look, { keepAlive: false });
    };
    const look = (): void => {
      const heldMs = clock.now() - since;
      if (heldMs < leakAfterMs) return wait(leakAfterMs - heldMs);
      logger.warn('A connection is on loan for {heldMs} ms', { heldMs });
      tell('onLeak', onLeak, [connection.value, heldMs]);
    };
    wait(leakAfterMs);
  }
}
