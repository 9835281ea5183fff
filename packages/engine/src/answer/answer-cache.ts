import { AsyncCache, type KeyValueStore } from '@kortana/async';
import { checkNumber } from '@kortana/errors';
import type { Clock } from '@kortana/perf';
import { isKeptAnswer, type KeptAnswer } from './kept-answer.ts';

export interface AnswerCacheOptions {
  /** How many answers are kept in memory, an integer from 1 up; default: 100. */
  maxSize?: number | undefined;
  /** How long an answer is given again, in milliseconds above 0; default: 300 000. */
  ttlMs?: number | undefined;
  /** How long after that it may stand in where nothing else can answer, in milliseconds from 0 up; default: 0. */
  staleIfErrorMs?: number | undefined;
  /** How long after that it is given at once while a new one is asked for, in milliseconds from 0 up; default: 0. */
  staleWhileRevalidateMs?: number | undefined;
  /** Shared by several processes: a Keyv, or anything with its get, set and delete; default: none. */
  store?: KeyValueStore | undefined;
  /** How long the store may take for one call, in milliseconds above 0; default: 250. */
  storeTimeoutMs?: number | undefined;
}

/** An answer that was found. */
export interface FoundAnswer {
  answer: KeptAnswer;
  /** What it is still good for: to be given, to be given while a new one is asked for, for need only. */
  use: 'fresh' | 'revalidate' | 'if-error';
}

/** Says in AsyncCache's read-through terms that there is nothing; one for all, a stack trace is dear. */
const nothing = new Error('There is no such answer');

const notFound = (): never => {
  throw nothing;
};

/** The answers that were given, by the key of their request. */
export class AnswerCache {
  readonly #cache: AsyncCache<string, KeptAnswer>;
  readonly #hasStore: boolean;
  readonly #ttlMs: number;
  readonly #revalidateMs: number;
  readonly #keepsStale: boolean;

  constructor(options: AnswerCacheOptions, clock: Clock | undefined) {
    const { maxSize = 100, ttlMs = 300_000, store, storeTimeoutMs } = options;
    const { staleIfErrorMs = 0, staleWhileRevalidateMs = 0 } = options;
    this.#ttlMs = checkNumber('ttlMs', ttlMs, { above: 0, infinite: true });
    this.#revalidateMs = checkStale('staleWhileRevalidateMs', staleWhileRevalidateMs);
    const keepMs = Math.max(this.#revalidateMs, checkStale('staleIfErrorMs', staleIfErrorMs));
    this.#keepsStale = keepMs > 0;
    this.#hasStore = store !== undefined;
    this.#cache = new AsyncCache({
      maxSize,
      // Kept as long as it is good for anything; for what, its age says.
      defaultTtlMs: ttlMs + keepMs,
      store,
      storeTimeoutMs,
      namespace: 'kortana',
      clock,
    });
  }

  /** False while a shared store doesn't answer. */
  get isWhole(): boolean {
    return !this.#hasStore || this.#cache.stats().storeUp;
  }

  /** Never rejects. */
  async find(key: string): Promise<FoundAnswer | undefined> {
    if (!this.#keepsStale) {
      const answer = await this.#cache.get(key);
      return isKeptAnswer(answer) ? { answer, use: 'fresh' } : undefined;
    }
    try {
      const { value: answer, ageMs } = await this.#cache.lookup(key, notFound);
      if (!isKeptAnswer(answer)) return undefined;
      if (ageMs < this.#ttlMs) return { answer, use: 'fresh' };
      const use = ageMs < this.#ttlMs + this.#revalidateMs ? 'revalidate' : 'if-error';
      return { answer, use };
    } catch {
      return undefined;
    }
  }

  async keep(key: string, answer: KeptAnswer): Promise<void> {
    await this.#cache.set(key, answer);
  }
}

const checkStale = (name: string, ms: number): number =>
  checkNumber(name, ms, { min: 0, infinite: true });
