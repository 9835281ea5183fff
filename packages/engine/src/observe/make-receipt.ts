import { costOf, type PriceTable } from '@kortana/llm';
import type { Receipt } from '../answer/receipt.ts';
import type { Answer } from '../pipeline/call.ts';
import type { Journal } from './journal.ts';

/** What there is to say about an answer, once it is there. */
export function makeReceipt(
  answer: Answer,
  journal: Journal,
  now: number,
  prices: PriceTable,
): Receipt {
  const { result, source, provider, missing } = answer;
  const { requestId, startedAt, firstTokenAt, cacheMs, memoryMs, attempts, memoriesUsed } = journal;
  const { usage } = result;
  const isAsked = source === 'live' || source === 'fallback';
  const costUsd = isAsked ? costFor(answer, prices) : undefined;
  return {
    requestId,
    source,
    model: result.model,
    provider,
    finishReason: result.finishReason,
    attempts,
    ...(usage !== undefined && (isAsked ? { usage: { ...usage } } : { savedUsage: { ...usage } })),
    ...(costUsd !== undefined && { costUsd }),
    timings: {
      totalMs: now - startedAt,
      ...(firstTokenAt !== undefined && { firstTokenMs: firstTokenAt - startedAt }),
      cacheMs,
      memoryMs,
    },
    memoriesUsed,
    degraded: missing === undefined ? journal.degraded : [...journal.degraded, missing],
  };
}

/** At the price of the lane that was asked, if it has one of its own. */
function costFor({ provider, lane, result }: Answer, prices: PriceTable): number | undefined {
  const { model, usage } = result;
  const own = lane?.price && { asOf: '', prices: { [provider]: { [model]: lane.price } } };
  return costOf({ provider, model, usage }, own ?? prices);
}
