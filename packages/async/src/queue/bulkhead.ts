import {
  checkFunction,
  checkInteger,
  checkObject,
  checkSignal,
  KortanaError,
} from '@kortana/errors';
import { settled } from '../waiting/abortable.ts';
import { droppable } from '../waiting/droppable.ts';
import { WaitingLine } from './waiting-line.ts';

export interface BulkheadOptions {
  /** How many are inside at once, an integer from 1 up; default: 10. */
  maxConcurrent?: number | undefined;
  /** How many wait at most, an integer from 0 up or Infinity; default: 1000. */
  maxQueue?: number | undefined;
}

export interface EnterOptions {
  /** Its abort ends the wait at once with its reason. */
  signal?: AbortSignal | undefined;
}

/**
 * Lets so many in at once; others wait in line, first come, first served, and beyond the line's
 * bound they are turned away at once.
 *
 *     const leave = await bulkhead.enter({ signal });
 *     try { … } finally { leave(); }
 */
export class Bulkhead {
  readonly #maxConcurrent: number;
  readonly #maxQueue: number;
  readonly #line = new WaitingLine<() => void>();
  #running = 0;

  constructor(options: BulkheadOptions = {}) {
    const { maxConcurrent = 10, maxQueue = 1000 } = checkObject('options', options);
    this.#maxConcurrent = checkInteger('maxConcurrent', maxConcurrent, { min: 1 });
    this.#maxQueue = checkInteger('maxQueue', maxQueue, { min: 0, infinite: true });
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#line.size;
  }

  /**
   * Resolves with how to leave, which may be called more than once.
   *
   * @throws KortanaError `BULKHEAD_FULL` (recoverable) if the line is as long as it may be
   */
  enter(options?: EnterOptions): Promise<() => void> {
    return droppable(this.#enter(options));
  }

  /** Runs `fn` inside; its place is given on when it has really ended. */
  run<T>(fn: () => PromiseLike<T> | T, options?: EnterOptions): Promise<T> {
    return droppable(this.#run(fn, options));
  }

  async #enter({ signal }: EnterOptions = {}): Promise<() => void> {
    if (signal !== undefined) checkSignal('signal', signal).throwIfAborted();
    if (this.#running < this.#maxConcurrent) {
      this.#running++;
      return this.#exit();
    }
    if (this.#line.size >= this.#maxQueue) {
      throw new KortanaError(`${this.#running} are running and ${this.#line.size} wait already`, {
        code: 'BULKHEAD_FULL',
        recoverable: true,
      });
    }
    return this.#line.join(signal);
  }

  async #run<T>(fn: () => PromiseLike<T> | T, options?: EnterOptions): Promise<T> {
    checkFunction('fn', fn);
    const leave = await this.#enter(options);
    return settled(fn).finally(leave);
  }

  #exit(): () => void {
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      // The place goes on to who waits, so that nobody who comes now can take it.
      if (!this.#line.serve(this.#exit())) this.#running--;
    };
  }
}
