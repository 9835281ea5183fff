import { closed } from '../manage.ts';
import { within } from '../within.ts';

type State =
  | { is: 'up'; failures: number }
  | { is: 'down'; error: unknown; timer: NodeJS.Timeout }
  | { is: 'closed' };

export interface GateOptions {
  /** Rejects as long as the thing is down. */
  probe: (signal: AbortSignal) => Promise<unknown>;
  onDown?: (error: unknown) => void;
  onUp?: () => void;
}

const failuresUntilDown = 2;
const firstPauseMs = 100;
const longestPauseMs = 10_000;
const probeTimeoutMs = 1_000;

/**
 * Knows whether a part answers, so that nobody waits for one that doesn't: after 2 failures in a
 * row it is down, and probed in the background (after 100 ms, 200, 400 … 10 s) until it is up
 * again. Not a CircuitBreaker: there no probe runs unless a caller comes by and waits for it.
 */
export class Gate {
  readonly #options: GateOptions;
  #state: State = { is: 'up', failures: 0 };
  #pauseMs = firstPauseMs;
  readonly #closing = new AbortController();

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /** Why not to ask now. */
  get refusal(): { error: unknown } | undefined {
    if (this.#state.is === 'closed') return { error: closed() };
    return this.#state.is === 'down' ? this.#state : undefined;
  }

  /** A call has worked. */
  succeed(): void {
    this.#pauseMs = firstPauseMs;
    this.#rise();
  }

  /** A call has failed. */
  fail(error: unknown): void {
    if (this.#state.is !== 'up') return;
    this.#state.failures++;
    if (this.#state.failures < failuresUntilDown) return;
    this.#state = { is: 'down', error, timer: this.#probeLater() };
    this.#options.onDown?.(error);
  }

  /** Something beside it has failed: that counts only where this has failed, too. */
  failBeside(error: unknown): void {
    if (this.#state.is === 'up' && this.#state.failures > 0) this.fail(error);
  }

  close(): void {
    if (this.#state.is === 'down') clearTimeout(this.#state.timer);
    this.#state = { is: 'closed' };
    this.#closing.abort();
  }

  #rise(): void {
    if (this.#state.is === 'closed') return;
    const wasDown = this.#state.is === 'down';
    if (this.#state.is === 'down') clearTimeout(this.#state.timer);
    this.#state = { is: 'up', failures: 0 };
    if (wasDown) this.#options.onUp?.();
  }

  #probeLater(): NodeJS.Timeout {
    const pauseMs = this.#pauseMs;
    this.#pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    return setTimeout(() => void this.#probe(), pauseMs).unref();
  }

  async #probe(): Promise<void> {
    const { probe } = this.#options;
    try {
      await within(async (signal) => probe(signal), {
        timeoutMs: probeTimeoutMs,
        operation: 'probe',
        signal: this.#closing.signal,
        background: true,
      });
      // The pause stays long until a real call works: what answers probes only isn't up for long.
      this.#rise();
    } catch (error) {
      if (this.#state.is === 'down') this.#state = { is: 'down', error, timer: this.#probeLater() };
    }
  }
}
