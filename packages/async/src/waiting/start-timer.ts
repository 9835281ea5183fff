/** The longest delay `setTimeout` can hold; it fires a longer one at once. */
const longestMs = 2 ** 31 - 1;

export interface TimerOptions {
  /** Whether the process stays alive for it; default: true. House-keeping says false. */
  keepAlive?: boolean;
}

/**
 * Calls `fire` once after `ms` milliseconds, however many (Infinity: never), and gives back what
 * stops it.
 */
export function startTimer(ms: number, fire: () => void, options?: TimerOptions): () => void {
  let timer: NodeJS.Timeout;
  const wait = (restMs: number): void => {
    const stepMs = Math.min(restMs, longestMs);
    timer = setTimeout(() => (restMs > stepMs ? wait(restMs - stepMs) : fire()), stepMs);
    if (options?.keepAlive === false) timer.unref();
  };
  wait(ms);
  return () => clearTimeout(timer);
}
