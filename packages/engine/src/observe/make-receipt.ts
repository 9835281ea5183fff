import type { TokenUsage } from '@kortana/llm';
import type { Receipt } from '../answer/receipt.ts';
import type { ModelPrice } from '../models/model-choice.ts';
import type { Answer } from '../pipeline/call.ts';
import type { Journal } from './journal.ts';

/** What there is to say about an answer, once it is there. */
export function makeReceipt(answer: Answer, journal: Journal, now: number): Receipt {
  const { result, source, provider, lane, missing } = answer;
  const { requestId, startedAt, firstTokenAt, cacheMs, memoryMs, attempts, memoriesUsed } = journal;
  const { usage } = result;
  const isAsked = source === 'live' || source === 'fallback';
  const price = isAsked ? lane?.price : undefined;
  return {
    requestId,
    source,
    model: result.model,
    provider,
    finishReason: result.finishReason,
    attempts,
    ...(usage !== undefined && (isAsked ? { usage: { ...usage } } : { savedUsage: { ...usage } })),
    ...(usage !== undefined && price !== undefined && { costUsd: costOf(usage, price) }),
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

function costOf(usage: TokenUsage, { input, output, cachedInput = input }: ModelPrice): number {
  const { inputTokens, outputTokens, cachedInputTokens = 0 } = usage;
  const fresh = inputTokens - cachedInputTokens;
  return (fresh * input + cachedInputTokens * cachedInput + outputTokens * output) / 1_000_000;
}
