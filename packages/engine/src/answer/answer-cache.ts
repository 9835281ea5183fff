import { TTLCache } from '@kortana/perf';
import type { Clock } from '@kortana/perf';
import { isKeptAnswer, type KeptAnswer } from './kept-answer.ts';

export interface AnswerCacheOptions {
  /** How many answers are kept in memory, an integer from 1 up; default: 100. */
  maxSize?: number | undefined;
  /** How long an answer is given again, in milliseconds above 0; default: 300 000. */
  ttlMs?: number | undefined;
  /** How long after that it may still stand in where nothing else can answer, in milliseconds; default: 0. */
  staleIfErrorMs?: number | undefined;
  /** How long after that it is given at once while a new one is asked for, in milliseconds; default: 0. */
  staleWhileRevalidateMs?: number | undefined;
}

/** The answers that were given, by the key of their request. */
export class AnswerCache {
  readonly #cache: TTLCache<string, KeptAnswer>;

  constructor(options: AnswerCacheOptions, clock: Clock | undefined) {
    const { maxSize = 100, ttlMs = 300_000 } = options;
    this.#cache = new TTLCache({ maxSize, defaultTtlMs: ttlMs, clock });
  }

  async find(key: string): Promise<KeptAnswer | undefined> {
    const found = this.#cache.get(key);
    return isKeptAnswer(found) ? found : undefined;
  }

  async keep(key: string, answer: KeptAnswer): Promise<void> {
    this.#cache.set(key, answer);
  }
}
