import { logger } from '../log.ts';
import type { VectorShelf } from '../memory-store.ts';
import { turnText } from '../text/turn-text.ts';
import { within } from '../within.ts';
import type { Embedder } from './embedder.ts';

const batch = 32;
// Models read some hundred words; what is beyond is cut off anyway.
const longestText = 4_000;
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;
const storeTimeoutMs = 10_000;

/**
 * Gives each turn its vector, in the background and in pieces: turns recorded now, and those of
 * before, newest first. What fails is tried again later; nobody ever waits for it.
 */
export class Indexer {
  readonly #shelf: VectorShelf;
  readonly #embedder: Embedder;
  readonly #tell: (notice: string) => void;
  readonly #closing = new AbortController();
  #state: 'idle' | 'working' | 'working, and more came' | NodeJS.Timeout = 'idle';
  #pauseMs = firstPauseMs;

  /** @param tell is told once when the store can't keep vectors. */
  constructor(shelf: VectorShelf, embedder: Embedder, tell: (notice: string) => void) {
    this.#shelf = shelf;
    this.#embedder = embedder;
    this.#tell = tell;
  }

  /** There may be something to do. */
  wake(): void {
    if (this.#closing.signal.aborted) return;
    if (this.#state === 'idle') void this.#work();
    else if (this.#state === 'working') this.#state = 'working, and more came';
  }

  close(): void {
    this.#closing.abort();
    if (typeof this.#state === 'object') clearTimeout(this.#state);
  }

  async #work(): Promise<void> {
    try {
      this.#state = 'working';
      if (!(await this.#within(() => this.#shelf.available()))) {
        this.#tell('This store can’t keep vectors: turns are found by their words alone');
        return; // and works for ever, doing nothing
      }
      do {
        this.#state = 'working';
        while (await this.#indexSome());
        this.#pauseMs = firstPauseMs;
        // Turns that came meanwhile may be newer than what was asked for last.
      } while ((this.#state as string) !== 'working');
      this.#state = 'idle';
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      logger.warn('Turns could not be given vectors: {error}', { error });
      this.#state = setTimeout(() => void this.#work(), this.#pauseMs).unref();
      this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
    }
  }

  /** Whether there may be more. */
  async #indexSome(): Promise<boolean> {
    const { model } = this.#embedder;
    const turns = await this.#within(() => this.#shelf.missing(model, batch));
    if (turns.length === 0) return false;
    const texts = turns.map((turn) => turnText(turn).slice(0, longestText));
    const spoken = texts.filter((text) => text !== '');
    const vectors =
      spoken.length === 0 ? [] : await this.#embedder.embed(spoken, this.#closing.signal);
    // What has no words is like nothing, and isn't asked for again.
    let next = 0;
    const vectorOf = (text: string) => (text === '' ? [0] : vectors[next++]!);
    const rows = turns.map(({ sessionId, id }, i) => ({
      sessionId,
      id,
      vector: vectorOf(texts[i]!),
    }));
    await this.#within(() => this.#shelf.put(model, rows));
    return turns.length === batch;
  }

  #within<T>(ask: () => Promise<T>): Promise<T> {
    const { signal } = this.#closing;
    return within(ask, { timeoutMs: storeTimeoutMs, operation: 'index', signal, background: true });
  }
}
