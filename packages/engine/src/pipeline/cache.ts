import type { Clock } from '@kortana/perf';
import type { AnswerCache, FoundAnswer } from '../answer/answer-cache.ts';
import { keepable, type KeptAnswer } from '../answer/kept-answer.ts';
import { Output } from '../answer/output.ts';
import { replay } from '../answer/replay.ts';
import type { Observer } from '../observe/observer.ts';
import { requestKey } from '../request-key.ts';
import type { Answer, Call, Next, Stage } from './call.ts';
import { Effort } from './effort.ts';
import { causeOf } from './fail-over.ts';
import { verdictOn } from './verdict.ts';

export interface CacheParts {
  cache: AnswerCache;
  clock: Clock;
  observer: Observer;
  /** Work that nobody waits for, but a shutdown. */
  background: (run: (signal: AbortSignal) => Promise<unknown>) => void;
}

/**
 * Gives again what was answered before. An answer past its time is given at once while a new one is
 * asked for, or where nothing else can answer, if the user allows it.
 */
export function cached(parts: CacheParts): Stage {
  const renewing = new Set<string>();

  const renew = (key: string, call: Call, next: Next): void => {
    if (renewing.has(key)) return;
    renewing.add(key);
    const own = { output: new Output(), journal: call.journal.anew(), effort: new Effort() };
    parts.background((signal) =>
      next({ ...call, ...own, signal }).finally(() => renewing.delete(key)),
    );
  };

  return async (call, next) => {
    const { cache, key, output, signal, lane, effort } = call;
    if (cache !== 'use' || key === undefined) return next(call);
    const found = await lookUp(parts, call, key);
    if (found?.use === 'fresh') return answerFrom(found.answer, 'cache', call);
    if (found?.use === 'revalidate') {
      renew(key, call, next);
      return answerFrom(found.answer, 'stale', call);
    }
    const sent = output.pieces;
    try {
      return await next(call);
    } catch (error) {
      const mayStandIn = !signal?.aborted && verdictOn(error).elsewhere !== 'none';
      if (found === undefined || !mayStandIn || output.pieces > sent) throw error;
      const answer = await answerFrom(found.answer, 'stale', call);
      return { ...answer, missing: effort.missing ?? causeOf(lane, error) };
    }
  };
}

/** Keeps what one model answered, for that model: a stand-in's answer is not the first one's. */
export function kept(parts: CacheParts): Stage {
  return async (call, next) => {
    const { lane, journal, cache, output, continues } = call;
    if (cache === 'off' || call.key === undefined) return next(call);
    const isFirst = lane.key === journal.primary.key;
    const key = isFirst ? call.key : requestKey(call, lane);
    if (!isFirst && cache === 'use' && output.pieces === 0) {
      const found = await lookUp(parts, call, key);
      if (found?.use === 'fresh') return answerFrom(found.answer, 'cache', call);
    }
    const answer = await next(call);
    // What two models wrote together is nobody's answer.
    const toKeep = continues === true ? undefined : keepable(answer);
    if (toKeep !== undefined) parts.background(() => parts.cache.keep(key, toKeep));
    return answer;
  };
}

async function lookUp(
  { cache, clock, observer }: CacheParts,
  { journal }: Call,
  key: string,
): Promise<FoundAnswer | undefined> {
  const startedAt = clock.now();
  const found = await cache.find(key);
  const ms = clock.now() - startedAt;
  journal.cacheMs += ms;
  if (!cache.isWhole) journal.miss(storeDown);
  const isHit = found !== undefined && found.use !== 'if-error';
  observer.record('cache_lookup', ms, true);
  observer.count(isHit ? 'cache_hits' : 'cache_misses');
  return found;
}

const storeDown = {
  part: 'cache.store',
  reason: 'down',
  message: 'The shared cache does not answer',
} as const;

async function answerFrom(
  { provider, ...result }: KeptAnswer,
  source: 'cache' | 'stale',
  { output }: Call,
): Promise<Answer> {
  await replay(result, output);
  return { result, provider, source };
}
