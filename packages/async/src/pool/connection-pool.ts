import { checkFunction, checkNumber, checkSignal } from '@kortana/errors';
import { logger } from '../log.ts';
import { WaitingLine } from '../queue/waiting-line.ts';
import { abortable, settled } from '../waiting/abortable.ts';
import { droppable } from '../waiting/droppable.ts';
import { patient } from '../waiting/patient.ts';
import { startTimer } from '../waiting/start-timer.ts';
import { runWithin } from '../waiting/with-timeout.ts';
import { CreatePacing } from './create-pacing.ts';
import { IdleShelf } from './idle-shelf.ts';
import { Loans } from './loans.ts';
import { acquireTimeout, poolClosed, poolFull } from './pool-errors.ts';
import {
  type AcquireOptions,
  type ConnectionPoolOptions,
  type DrainOptions,
  type Lease,
  type PoolSettings,
  type PoolStats,
  readLimit,
  readPoolOptions,
} from './pool-options.ts';
import { type Connection, Stock } from './stock.ts';

/**
 * Lends a bounded number of connections (or of anything that is dear to make) to any number of
 * callers, first come, first served.
 *
 *     const pool = new ConnectionPool({ create: () => connect(url), destroy: (c) => c.end() });
 *     const rows = await pool.use((connection) => connection.query('select 1'));
 */
export class ConnectionPool<T> {
  readonly #settings: PoolSettings<T>;
  readonly #stock: Stock<T>;
  readonly #idle: IdleShelf<T>;
  readonly #loans: Loans<T>;
  readonly #line: WaitingLine<T>;
  readonly #pacing: CreatePacing;
  /** Idle connections that are being validated for somebody. */
  #checking = 0;
  /** Set by the first `drain`; resolved when nothing is left. */
  #closing: PromiseWithResolvers<void> | undefined;
  /** Destroyed while on loan. */
  #leaked = 0;

  /** @throws TypeError, RangeError for a wrong option */
  constructor(options: ConnectionPoolOptions<T>) {
    const settings = readPoolOptions(options);
    this.#settings = settings;
    this.#stock = new Stock(settings, {
      onBirth: (connection) => {
        this.#pacing.succeeded();
        this.#offer(connection);
      },
      onMiscarriage: (error) => this.#onMiscarriage(error),
      onRoom: () => this.#supply(),
    });
    this.#idle = new IdleShelf(settings, this.#stock);
    this.#loans = new Loans(settings, this.#stock);
    this.#pacing = new CreatePacing(settings.clock, () => this.#supply());
    this.#line = new WaitingLine({
      limitMs: settings.acquireTimeoutMs,
      clock: settings.clock,
      onTimeout: (timeoutMs) => acquireTimeout(timeoutMs, this.stats(), this.#pacing.lastError),
    });
    this.#supply();
  }

  /**
   * A connection to give back with `release`.
   *
   * @throws (rejects) what `create` threw; TimeoutError; KortanaError `POOL_CLOSED` once it drains,
   *   `POOL_FULL` if too many wait
   */
  acquire(options?: AcquireOptions): Promise<T> {
    if (options === undefined && this.#settings.validate === undefined) {
      const connection = this.#idle.take();
      if (connection !== undefined) return Promise.resolve(this.#loans.begin(connection));
    }
    return droppable(this.#acquire(options));
  }

  /** @throws RangeError if it isn't borrowed */
  release(value: T): void {
    this.#takeBack(this.#loans.end(value));
  }

  /**
   * Destroys a borrowed connection that is broken; another is made when one is needed.
   *
   * @throws RangeError if it isn't borrowed
   */
  discard(value: T): void {
    const connection = this.#loans.end(value);
    if (connection !== undefined) this.#stock.destroy(connection);
  }

  /**
   * Lends one to `fn` and takes it back when `fn` has ended, however it ends. An abort rejects at
   * once; the connection still comes back only when `fn` has ended.
   */
  use<R>(fn: (connection: T) => R, options?: AcquireOptions): Promise<Awaited<R>> {
    return droppable(this.#use(fn, options));
  }

  /** One that gives itself back at the end of the block, unless it was discarded. */
  lease(options?: AcquireOptions): Promise<Lease<T>> {
    return droppable(this.#lease(options));
  }

  /**
   * Closes the pool: who waits is rejected at once, loans are waited for until the deadline, then
   * all are destroyed, those still on loan too: they are counted as leaked. A `destroy` that hangs is
   * waited for no longer than `createTimeoutMs`.
   */
  drain(options?: DrainOptions): Promise<{ leaked: number }> {
    return droppable(this.#drain(options));
  }

  /** `drain` that waits for no loan. */
  closeAll(): Promise<{ leaked: number }> {
    return this.drain({ timeoutMs: 0 });
  }

  stats(): PoolStats {
    const { size, creating } = this.#stock;
    const available = this.#idle.size;
    return { size, available, borrowed: size - available, waiting: this.#line.size, creating };
  }

  async #acquire({ signal, timeoutMs }: AcquireOptions = {}): Promise<T> {
    if (signal !== undefined) checkSignal('signal', signal).throwIfAborted();
    if (timeoutMs !== undefined) readLimit('timeoutMs', timeoutMs);
    if (this.#closing !== undefined) throw poolClosed();
    if (this.#settings.validate === undefined) {
      const connection = this.#idle.take();
      if (connection !== undefined) return this.#loans.begin(connection);
    }
    if (this.#unprovided >= this.#settings.maxWaiting) {
      throw poolFull(this.#line.size);
    }
    const turn = this.#line.join(signal, timeoutMs);
    this.#supply();
    return turn;
  }

  async #use<R>(fn: (connection: T) => R, options?: AcquireOptions): Promise<Awaited<R>> {
    checkFunction('fn', fn);
    const value = await this.acquire(options);
    const end = this.#loans.ending(value);
    const signal = options?.signal;
    if (signal?.aborted === true) {
      this.#takeBack(end());
      throw signal.reason;
    }
    return abortable<Awaited<R>>(signal, () =>
      settled(() => fn(value) as Awaited<R>).finally(() => this.#takeBack(end())),
    );
  }

  async #lease(options?: AcquireOptions): Promise<Lease<T>> {
    const value = await this.acquire(options);
    const end = this.#loans.ending(value);
    return { value, [Symbol.asyncDispose]: async () => this.#takeBack(end()) };
  }

  /** How many wait for whom nothing is on its way. */
  get #unprovided(): number {
    return this.#line.size - this.#stock.expected - this.#checking;
  }

  /** Gets on its way what is missing, as far as there is room. */
  #supply(): void {
    if (this.#closing !== undefined) {
      if (this.#stock.isEmpty) this.#closing.resolve();
      return;
    }
    while (this.#unprovided > 0) {
      const connection = this.#settings.validate && this.#idle.take();
      if (connection !== undefined) this.#check(connection);
      // The end of a worn one may have got another on its way already.
      else if (this.#unprovided > 0 && !this.#tryCreate()) break;
    }
    while (this.#stock.size + this.#stock.creating < this.#settings.minSize) {
      if (!this.#tryCreate()) break;
    }
  }

  #tryCreate(): boolean {
    const mayCreate = this.#stock.hasRoom && this.#pacing.tryBegin(this.#unprovided > 0);
    if (mayCreate) this.#stock.create();
    return mayCreate;
  }

  #onMiscarriage(error: unknown): void {
    logger.debug('Creating a connection failed: {error}', { error });
    // The one it was meant for learns the cause; he isn't kept for another try.
    if (this.#unprovided > 0) this.#line.fail(error);
    this.#pacing.failed(error, Math.max(0, this.#unprovided));
    this.#supply();
  }

  #check(connection: Connection<T>): void {
    const { validate, createTimeoutMs } = this.#settings;
    connection.state = 'checked';
    this.#checking++;
    const end = (isGood: boolean): void => {
      this.#checking--;
      // Drained meanwhile: it is destroyed already.
      if (this.#stock.find(connection.value) !== connection) return;
      if (isGood) this.#offer(connection);
      else this.#stock.destroy(connection);
      this.#supply();
    };
    runWithin(() => validate!(connection.value), createTimeoutMs, 'validate').then(
      (isGood) => end(isGood),
      (error: unknown) => {
        logger.debug('Validating a connection failed: {error}', { error });
        end(false);
      },
    );
  }

  #takeBack(connection: Connection<T> | undefined): void {
    if (connection === undefined) return;
    if (this.#closing !== undefined || this.#idle.isWorn(connection)) {
      this.#stock.destroy(connection);
    } else if (this.#settings.validate === undefined) this.#offer(connection);
    // Its last user may have broken it: nobody gets it unchecked.
    else if (this.#line.size > this.#checking) this.#check(connection);
    else this.#idle.put(connection);
  }

  #offer(connection: Connection<T>): void {
    if (this.#closing !== undefined) this.#stock.destroy(connection);
    else if (this.#line.size > 0) this.#line.serve(this.#loans.begin(connection));
    else this.#idle.put(connection);
  }

  async #drain({ timeoutMs }: DrainOptions = {}): Promise<{ leaked: number }> {
    const limitMs = timeoutMs ?? this.#settings.acquireTimeoutMs;
    checkNumber('timeoutMs', limitMs, { min: 0, infinite: true });
    if (this.#closing === undefined) this.#close();
    if (limitMs > 0) await this.#untilEmpty(limitMs);
    const left = this.#stock.all();
    const lent = left.filter(({ state }) => state === 'lent');
    for (const connection of lent) this.#loans.forfeit(connection);
    this.#leaked += lent.length;
    for (const connection of left) this.#stock.destroy(connection);
    await patient(this.#stock.buried(), this.#settings.createTimeoutMs);
    return { leaked: this.#leaked };
  }

  #untilEmpty(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const stopTimer = startTimer(limitMs, resolve);
      void this.#closing?.promise.then(() => (stopTimer(), resolve()));
    });
  }

  #close(): void {
    this.#closing = Promise.withResolvers();
    this.#pacing.stop();
    this.#line.failAll(poolClosed());
    this.#stock.callOffBirths(poolClosed());
    this.#idle.clear();
    this.#supply();
  }
}
