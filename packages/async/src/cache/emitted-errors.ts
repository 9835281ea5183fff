export interface EmittedErrors {
  /** Errors of the store: it is in trouble. */
  troubles: number;
  /** What a store held and could not be parsed: only that entry is bad. */
  garbage: number;
}

const counters = new WeakMap<object, EmittedErrors>();

/**
 * Counts the `error` events of a store that emits them, as Keyv does instead of throwing. One
 * listener for each store, however many caches use it; it also keeps an error in the background (a
 * lost connection) from being thrown as an event that nobody listens to.
 */
export function emittedErrors(store: object): Readonly<EmittedErrors> {
  const known = counters.get(store);
  if (known !== undefined) return known;
  const counter: EmittedErrors = { troubles: 0, garbage: 0 };
  counters.set(store, counter);
  const { on } = store as { on?: unknown };
  if (typeof on === 'function') {
    on.call(store, 'error', (error: unknown) => {
      if (error instanceof SyntaxError) counter.garbage++;
      else counter.troubles++;
    });
  }
  return counter;
}
