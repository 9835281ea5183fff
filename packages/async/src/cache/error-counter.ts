const counters = new WeakMap<object, { count: number }>();

/**
 * Counts the `error` events of a store that emits them. One listener for each store, however many
 * caches use it; it also keeps an error in the background (a lost connection) from being thrown as
 * an event that nobody listens to.
 */
export function errorCounter(store: object): { readonly count: number } {
  let counter = counters.get(store);
  if (counter !== undefined) return counter;
  const started = { count: 0 };
  counter = started;
  counters.set(store, counter);
  const { on } = store as { on?: unknown };
  if (typeof on === 'function') on.call(store, 'error', () => void started.count++);
  return counter;
}
