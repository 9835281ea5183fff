import { withTimeout } from '@kortana/async';
import { ServiceError } from '@kortana/errors';
import { stoppable } from '../pipeline/stoppable.ts';

/** How long the work that nobody waits for may still take once all requests are gone, in milliseconds. */
const lastWordsMs = 1000;

type Stoppable<T> = (signal: AbortSignal) => Promise<T>;

/** Who is in, and whether anybody else may come in. */
export class Door {
  readonly #running = new Set<AbortController>();
  readonly #background = new Set<Promise<unknown>>();
  #inside = 0;
  #closing: Promise<void> | undefined;
  #onEmpty: (() => void) | undefined;

  get isClosed(): boolean {
    return this.#closing !== undefined;
  }

  /** How many requests are being answered. */
  get inside(): number {
    return this.#inside;
  }

  /**
   * Lets a request in. Its signal is aborted with the caller's own, and when the engine must end.
   *
   * @throws ServiceError `ENGINE_CLOSED` after `close()`; the reason of a signal that is aborted already
   */
  async let<T>(signal: AbortSignal | undefined, run: Stoppable<T>): Promise<T> {
    if (this.isClosed) throw closed('The engine is shut down and takes no new requests');
    this.#inside++;
    try {
      return await this.#stoppable(signal, run);
    } finally {
      if (--this.#inside === 0) this.#onEmpty?.();
    }
  }

  /** Work that no request waits for, but a shutdown. */
  background(run: Stoppable<unknown>): void {
    const done: Promise<unknown> = this.#stoppable(undefined, run)
      .catch(() => {})
      .finally(() => this.#background.delete(done));
    this.#background.add(done);
  }

  #stoppable<T>(signal: AbortSignal | undefined, run: Stoppable<T>): Promise<T> {
    return stoppable(signal, async (controller) => {
      this.#running.add(controller);
      try {
        return await run(controller.signal);
      } finally {
        this.#running.delete(controller);
      }
    });
  }

  /** Lets nobody in any more, waits for those inside, and sends them out when time is up. */
  close(timeoutMs: number): Promise<void> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  async #close(timeoutMs: number): Promise<void> {
    const empty = new Promise<void>((resolve) => (this.#onEmpty = resolve));
    if (this.#inside > 0) await atMost(timeoutMs, empty);
    const reason = closed('The engine was shut down before the answer was whole');
    for (const controller of this.#running) controller.abort(reason);
    await atMost(lastWordsMs, Promise.all(this.#background));
  }
}

/** Until it is done, or time is up: either is fine. */
async function atMost(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  // A limit has to be above 0.
  await withTimeout(() => work, { timeoutMs: timeoutMs || 1 }).catch(() => {});
}

function closed(message: string): ServiceError {
  return new ServiceError(message, { code: 'ENGINE_CLOSED', serviceName: 'engine' });
}
