import { checkNumber, checkSignal, type KortanaError, TimeoutError } from '@kortana/errors';

/** What bounds one call, in milliseconds; an absent limit doesn't bound. */
export interface CallLimits {
  signal?: AbortSignal | undefined;
  timeoutMs?: number | undefined;
  firstTokenTimeoutMs?: number | undefined;
  idleTimeoutMs?: number | undefined;
}

/** A timer holds no more; a call that may last 24 days needs no limit. */
const longestTimer = 2 ** 31 - 1;

/**
 * A timer that fires later than that, in milliseconds, was held up by this process: then there may
 * be bytes to read that came in time, and they are looked for before the silence is believed.
 */
const punctualMs = 5;

const startTimer = (ms: number | undefined, fire: () => void): NodeJS.Timeout | undefined =>
  ms === undefined || ms > longestTimer ? undefined : setTimeout(fire, ms);

/**
 * One call to a provider, as seen from its wire: whether it lives, why it was stopped, what broke
 * it. Its `signal` closes the connection; whatever stops the call is the signal's reason, so that
 * abort, limits and clean-up can't be confused.
 */
export class Call {
  /** The reason on the wire, where it was seen first: the SDK tells only its own reading of it. */
  failure: KortanaError | undefined;
  readonly #controller = new AbortController();
  readonly #limits: CallLimits;
  readonly #model: string;
  #total: NodeJS.Timeout | undefined;
  #silence: NodeJS.Timeout | undefined;
  #lastLook: NodeJS.Immediate | undefined;
  #waiting = true;
  #waitingSince = 0;
  #reached = false;
  #speaking = false;
  #stop: 'none' | 'aborted' | 'expired' | 'left' = 'none';

  /** @throws TypeError, RangeError for a limit that is no number above 0, or a signal that is none */
  constructor(model: string, limits: CallLimits) {
    for (const name of ['timeoutMs', 'firstTokenTimeoutMs', 'idleTimeoutMs'] as const) {
      if (limits[name] !== undefined) checkNumber(name, limits[name], { above: 0, infinite: true });
    }
    if (limits.signal !== undefined) checkSignal('signal', limits.signal);
    this.#model = model;
    this.#limits = limits;
  }

  /** @throws the reason of a signal that is aborted already */
  start(): this {
    const { signal, timeoutMs, firstTokenTimeoutMs, idleTimeoutMs } = this.#limits;
    signal?.throwIfAborted();
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#total = startTimer(timeoutMs, () => this.#expire('total', timeoutMs!));
    this.#waitingSince = performance.now();
    this.#silence = startTimer(firstTokenTimeoutMs ?? idleTimeoutMs, this.#onSilence);
    return this;
  }

  /** What ended the call before its time, if anything. */
  get stop(): 'none' | 'aborted' | 'expired' | 'left' {
    return this.#stop;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Only while we wait for the far side does its silence count, not while our reader is slow. */
  waiting(): void {
    this.#waiting = true;
    this.#waitingSince = performance.now();
    this.#silence?.refresh();
  }

  /** Any byte is a sign of life. */
  heard(): void {
    clearImmediate(this.#lastLook);
    this.#waiting = false;
    this.#reached = true;
  }

  /** Whether the far side has answered at all. */
  get reached(): boolean {
    return this.#reached;
  }

  /** The first real output: from here on the idle limit holds. */
  spoken(): void {
    if (this.#speaking) return;
    this.#speaking = true;
    clearTimeout(this.#silence);
    this.#silence = startTimer(this.#limits.idleTimeoutMs, this.#onSilence);
  }

  /** The outcome of `work`, or the reason why the call was stopped, whichever is first. */
  race<T>(work: PromiseLike<T> | T): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = () => reject(this.signal.reason);
      if (this.signal.aborted) stop();
      this.signal.addEventListener('abort', stop, { once: true });
      const leave = () => this.signal.removeEventListener('abort', stop);
      // A model of the user's may answer at once.
      Promise.resolve(work).then(
        (value) => (leave(), resolve(value)),
        (error: unknown) => (leave(), reject(error)),
      );
    });
  }

  /** Closes the connection, whatever its state; used where a reader leaves early. */
  leave(): void {
    this.settle();
    this.#end('left', new DOMException('The reader has left', 'AbortError'));
  }

  /** Ends timers and listeners; the connection may live on for the next call. */
  settle(): void {
    clearTimeout(this.#total);
    clearTimeout(this.#silence);
    clearImmediate(this.#lastLook);
    this.#limits.signal?.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (): void => this.#end('aborted', this.#limits.signal?.reason);

  readonly #onSilence = (): void => {
    if (!this.#waiting) return;
    const { firstTokenTimeoutMs, idleTimeoutMs } = this.#limits;
    const isIdle = this.#speaking || firstTokenTimeoutMs === undefined;
    const timeoutMs = isIdle ? idleTimeoutMs! : firstTokenTimeoutMs;
    const expire = (): void => this.#expire(isIdle ? 'idle' : 'first token', timeoutMs);
    const isLate = performance.now() - this.#waitingSince > timeoutMs + punctualMs;
    if (isLate) this.#lastLook = setImmediate(expire);
    else expire();
  };

  #expire(operation: 'total' | 'first token' | 'idle', timeoutMs: number): void {
    const words = {
      total: `${this.#model} took longer than ${timeoutMs} ms`,
      'first token': `${this.#model} was silent for ${timeoutMs} ms before its first token`,
      idle: `${this.#model} was silent for ${timeoutMs} ms`,
    }[operation];
    const context = { model: this.#model };
    this.#end('expired', new TimeoutError(words, { operation, timeoutMs, context }));
  }

  #end(stop: 'aborted' | 'expired' | 'left', reason: unknown): void {
    if (this.#stop !== 'none') return;
    this.#stop = stop;
    this.#controller.abort(reason);
  }
}
