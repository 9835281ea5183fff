import {
  checkFunction,
  checkInteger,
  checkMethods,
  checkNumber,
  checkObject,
} from '@kortana/errors';
import { type Clock, newTurnClock } from '@kortana/perf';

export interface ConnectionPoolOptions<T> {
  /** Makes a connection; its signal is aborted when `createTimeoutMs` is over or the pool drains. */
  create: (signal: AbortSignal) => Promise<T> | T;
  /** Ends a connection; called once for each. A failure is logged. */
  destroy?: ((connection: T) => Promise<void> | void) | undefined;
  /**
   * Whether a connection that was lent before may be lent again, asked each time; false, a failure
   * or `createTimeoutMs` destroy it.
   */
  validate?: ((connection: T) => Promise<boolean> | boolean) | undefined;
  /** How many connections are kept, also unused, from construction on; an integer from 0 to `maxSize`; default: 0. */
  minSize?: number | undefined;
  /** How many connections there are at most, those being made or destroyed included; an integer from 1 up; default: 10. */
  maxSize?: number | undefined;
  /** How many callers wait at most for whom no connection is being made; an integer from 1 up; default: 1000. */
  maxWaiting?: number | undefined;
  /** How long a caller waits, in milliseconds above 0; default: 30 000. */
  acquireTimeoutMs?: number | undefined;
  /** How long `create`, `validate` and `destroy` may take, in milliseconds above 0; default: 30 000. */
  createTimeoutMs?: number | undefined;
  /** How long a connection beyond `minSize` stays unused, in milliseconds above 0; default: 60 000. */
  idleTimeoutMs?: number | undefined;
  /** How long a connection lives, in milliseconds above 0; then it isn't lent again. Default: no limit. */
  maxLifetimeMs?: number | undefined;
  /** How often a connection is lent, an integer from 1 up; default: no limit. */
  maxUses?: number | undefined;
  /** After how long a loan is reported to `onLeak`, in milliseconds above 0; default: never. */
  leakAfterMs?: number | undefined;
  /** Told once of a loan that lasts longer than `leakAfterMs`. */
  onLeak?: ((connection: T, heldMs: number) => void) | undefined;
  /** Monotonic, in milliseconds; default: `performance`. */
  clock?: Clock | undefined;
}

export interface AcquireOptions {
  /** Its abort ends the wait at once with its reason. */
  signal?: AbortSignal | undefined;
  /** How long to wait, in milliseconds above 0; default: `acquireTimeoutMs`. */
  timeoutMs?: number | undefined;
}

export interface DrainOptions {
  /** How long loans are waited for, in milliseconds from 0 up; default: `acquireTimeoutMs`. */
  timeoutMs?: number | undefined;
}

export interface PoolStats {
  /** Connections that are there: available and borrowed. */
  size: number;
  available: number;
  borrowed: number;
  /** Callers that wait. */
  waiting: number;
  /** Connections being made. */
  creating: number;
}

/** A loan that gives itself back: `await using lease = await pool.lease()`. */
export interface Lease<T> extends AsyncDisposable {
  readonly value: T;
}

export type PoolSettings<T> = ReturnType<typeof readPoolOptions<T>>;

export function readPoolOptions<T>(options: ConnectionPoolOptions<T>) {
  const {
    create,
    destroy,
    validate,
    minSize = 0,
    maxSize = 10,
    maxWaiting = 1000,
    acquireTimeoutMs = 30_000,
    createTimeoutMs = 30_000,
    idleTimeoutMs = 60_000,
    maxLifetimeMs = Infinity,
    maxUses = Infinity,
    leakAfterMs = Infinity,
    onLeak,
    clock = newTurnClock(),
  } = checkObject('options', options);
  if (destroy !== undefined) checkFunction('destroy', destroy);
  if (validate !== undefined) checkFunction('validate', validate);
  if (onLeak !== undefined) checkFunction('onLeak', onLeak);
  checkInteger('maxSize', maxSize, { min: 1 });
  return {
    create: checkFunction('create', create),
    destroy,
    validate,
    minSize: checkInteger('minSize', minSize, { min: 0, max: maxSize }),
    maxSize,
    maxWaiting: checkInteger('maxWaiting', maxWaiting, { min: 1 }),
    acquireTimeoutMs: readLimit('acquireTimeoutMs', acquireTimeoutMs),
    createTimeoutMs: readLimit('createTimeoutMs', createTimeoutMs),
    idleTimeoutMs: readLimit('idleTimeoutMs', idleTimeoutMs),
    maxLifetimeMs: readLimit('maxLifetimeMs', maxLifetimeMs),
    maxUses: checkInteger('maxUses', maxUses, { min: 1, infinite: true }),
    leakAfterMs: readLimit('leakAfterMs', leakAfterMs),
    onLeak,
    clock: checkMethods('clock', clock, ['now']),
  };
}

/** Milliseconds above 0, or Infinity for no limit. */
export function readLimit(name: string, ms: number): number {
  return checkNumber(name, ms, { above: 0, infinite: true });
}
