/**
 * Gives work a signal of its own: aborted with the caller's, and by whoever holds the controller.
 * Leaves no listener behind.
 *
 * @throws the reason of a signal that is aborted already
 */
export async function stoppable<T>(
  signal: AbortSignal | undefined,
  run: (controller: AbortController) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await run(controller);
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}
