import { checkBoolean, checkFunction, checkObject, checkString } from './checks/check-kind.ts';
import { callHook } from './hooks/call-hook.ts';
import { isThenable } from './is-thenable.ts';

export interface ErrorContextOptions<Raise extends boolean = boolean> {
  /** What is being done, for whoever reads of a failure. */
  operation: string;
  /** Told of each failure. If it throws itself, that is reported and changes nothing. */
  onError?: ((error: unknown) => unknown) | undefined;
  /** Whether a failure is thrown on; default: true. With false, `run` gives undefined instead. */
  raiseOnError?: Raise | undefined;
}

/** What a failed run gives: nothing where failures are thrown on, else undefined. */
type OnFailure<Raise extends boolean> = Raise extends true ? never : undefined;

/**
 * Runs something that may fail, remembers how it failed, and throws on or swallows it.
 *
 *     const context = new ErrorContext({ operation: 'load profile', raiseOnError: false });
 *     const profile = (await context.run(() => load(id))) ?? anonymous;
 *     if (context.error) …
 */
export class ErrorContext<Raise extends boolean = true> {
  readonly operation: string;
  readonly #onError: ErrorContextOptions['onError'];
  readonly #raise: boolean;
  #failure: { readonly error: unknown } | undefined;

  constructor(options: ErrorContextOptions<Raise>) {
    const { operation, onError, raiseOnError = true } = checkObject('options', options);
    this.operation = checkString('operation', operation);
    this.#onError = onError === undefined ? onError : checkFunction('onError', onError);
    this.#raise = checkBoolean('raiseOnError', raiseOnError);
  }

  /** What the run that ended last threw, as it came; undefined if it succeeded. */
  get error(): unknown {
    return this.#failure?.error;
  }

  /** Whether the run that ended last threw; tells a thrown undefined from success. */
  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** Gives what `fn` gives: a value, or for an async one a promise. */
  run<T>(fn: () => PromiseLike<T>): Promise<T | OnFailure<Raise>>;
  run<T>(fn: () => T): T | OnFailure<Raise>;
  run(fn: () => unknown): unknown {
    checkFunction('fn', fn);
    let result: unknown;
    try {
      result = fn();
      if (isThenable(result)) {
        return Promise.resolve(result).then(
          (value) => this.#succeeded(value),
          (error: unknown) => this.#failed(error),
        );
      }
    } catch (error) {
      return this.#failed(error);
    }
    return this.#succeeded(result);
  }

  #succeeded<T>(value: T): T {
    this.#failure = undefined;
    return value;
  }

  #failed(error: unknown): undefined {
    this.#failure = { error };
    callHook('onError', this.#onError, [error]);
    if (this.#raise) throw error;
  }
}
