/** The very promise, and whoever drops it is not ended by an unhandled rejection. */
export function droppable<T>(promise: Promise<T>): Promise<T> {
  promise.then(undefined, ignore);
  return promise;
}

function ignore(): void {}
