import type { AnswerCache } from '../answer/answer-cache.ts';
import { keepable, type KeptAnswer } from '../answer/kept-answer.ts';
import { replay } from '../answer/replay.ts';
import type { Clock } from '@kortana/perf';
import { requestKey } from '../request-key.ts';
import type { Answer, Call, Stage } from './call.ts';

export interface CacheParts {
  cache: AnswerCache;
  clock: Clock;
  onLookup: (ms: number, hit: boolean) => void;
  /** Work that nobody waits for, but a shutdown. */
  background: (work: Promise<unknown>) => void;
}

/** Gives again what was answered before. */
export function cached(parts: CacheParts): Stage {
  return async (call, next) => {
    const { cache, key } = call;
    const found = cache === 'use' && key !== undefined ? await lookUp(parts, call, key) : undefined;
    return found === undefined ? next(call) : answerFrom(found, call);
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
      if (found !== undefined) return answerFrom(found, call);
    }
    const answer = await next(call);
    // What two models wrote together is nobody's answer.
    const toKeep = continues === true ? undefined : keepable(answer);
    if (toKeep !== undefined) parts.background(parts.cache.keep(key, toKeep));
    return answer;
  };
}

async function lookUp(
  { cache, clock, onLookup }: CacheParts,
  { journal }: Call,
  key: string,
): Promise<KeptAnswer | undefined> {
  const startedAt = clock.now();
  const found = await cache.find(key);
  const ms = clock.now() - startedAt;
  journal.cacheMs += ms;
  onLookup(ms, found !== undefined);
  return found;
}

async function answerFrom(found: KeptAnswer, call: Call): Promise<Answer> {
  const { provider, ...result } = found;
  await replay(result, call.output);
  return { result, provider, source: 'cache' };
}
