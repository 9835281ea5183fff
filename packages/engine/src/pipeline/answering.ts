import { admitted } from './admit.ts';
import { ask, type AskParts } from './ask.ts';
import { guarded } from './breaker.ts';
import type { Bulkhead } from './bulkhead.ts';
import { cached, kept, type CacheParts } from './cache.ts';
import { type Next, pipeline, type Stage } from './call.ts';
import { coalesced } from './coalesce.ts';
import { explained } from './explain.ts';
import { failOver } from './fail-over.ts';
import { hedged } from './hedge.ts';
import { recovered } from './recover.ts';
import { type RetrySettings, retried } from './retry.ts';
import { withinTotalTime } from './total-time.ts';

export interface AnsweringParts extends AskParts, RetrySettings {
  cache: CacheParts | undefined;
  bulkhead: Bulkhead;
  totalMs: number;
  hedgeAfterMs: number | undefined;
  /** The user said himself which errors count against a model. */
  judges: boolean;
}

/** The way of a request, from outside to inside. What is switched off is left out. */
export function answering(parts: AnsweringParts): Next {
  const { cache, maxCalls, hedgeAfterMs } = parts;
  const stages: (Stage | undefined)[] = [
    explained(),
    coalesced(),
    cache && cached(cache),
    withinTotalTime(parts.totalMs, parts.clock),
    admitted(parts.bulkhead),
    recovered(maxCalls),
    failOver(maxCalls),
    cache && kept(cache),
    retried(parts),
    guarded(parts.judges),
    hedgeAfterMs === undefined ? undefined : hedged(hedgeAfterMs, maxCalls),
  ];
  return pipeline(
    stages.filter((stage) => stage !== undefined),
    ask(parts),
  );
}
