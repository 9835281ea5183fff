import { logger } from './log.ts';

const firstMs = 60_000;
const pauseMs = 3_600_000;

/** Runs `prune` a minute after the start and every hour; gives what ends it. */
export function pruneRegularly(prune: () => Promise<unknown>): () => void {
  const run = () => {
    void prune().catch((error: unknown) => {
      logger.warn('Old turns could not be removed; in an hour it is tried again: {error}', {
        error,
      });
    });
    timer = setTimeout(run, pauseMs).unref();
  };
  let timer = setTimeout(run, firstMs).unref();
  return () => clearTimeout(timer);
}
