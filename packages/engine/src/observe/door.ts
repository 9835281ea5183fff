import { withTimeout } from '@kortana/async';
import { ServiceError } from '@kortana/errors';

/** How long the work that nobody waits for may still take once all requests are gone, in milliseconds. */
const lastWordsMs = 1000;

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

  /** @throws ServiceError `ENGINE_CLOSED` after `close()` */
  async let<T>(run: () => Promise<T>): Promise<T> {
    if (this.isClosed) throw closed('The engine is shut down and takes no new requests');
    this.#inside++;
    try {
      return await run();
    } finally {
      if (--this.#inside === 0) this.#onEmpty?.();
    }
  }

  /** Gives work that may take long what is aborted with the caller's signal, and when the engine must end. */
  async stoppable<T>(
    signal: AbortSignal | undefined,
    run: (controller: AbortController) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const controller = new AbortController();
    const onAbort = (): void => controller.abort(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#running.add(controller);
    try {
      return await run(controller);
    } finally {
      this.#running.delete(controller);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Work that no request waits for, but a shutdown. */
  background(work: Promise<unknown>): void {
    const done: Promise<unknown> = work
      .catch(() => {})
      .finally(() => this.#background.delete(done));
    this.#background.add(done);
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
