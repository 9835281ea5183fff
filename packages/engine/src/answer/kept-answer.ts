import type { TokenUsage } from '@kortana/llm';
import type { Answer } from '../pipeline/call.ts';

/** An answer as it is kept: plain JSON, also in a store that others write to. */
export interface KeptAnswer {
  content: string;
  reasoning?: string;
  finishReason: string;
  model: string;
  provider: string;
  usage?: TokenUsage;
  id: string;
}

/** Ends of an answer that is not whole, or that does something. */
const notKept = new Set(['length', 'contentFilter', 'toolCalls']);

/**
 * The answer to keep, or undefined: cut, filtered, empty ones and wishes for tools aren't kept, nor
 * are excuses of a stand-in that is no language model.
 */
export function keepable({ result, provider, source }: Answer): KeptAnswer | undefined {
  const { content, reasoning, finishReason, model, usage, id, toolCalls } = result;
  if (content === '' || notKept.has(finishReason) || (toolCalls?.length ?? 0) > 0) return undefined;
  if (isExcuse(source, provider)) return undefined;
  return {
    content,
    ...(reasoning !== undefined && { reasoning }),
    finishReason,
    model,
    provider,
    // A copy: the caller of the live answer has the other one.
    ...(usage !== undefined && { usage: { ...usage } }),
    id,
  };
}

/** The embedded offline model stepping in for a real one says only that there is none. */
export function isExcuse(source: Answer['source'], provider: string): boolean {
  return source === 'fallback' && provider === 'offline';
}

/** Others write to a store, too: what came from it is believed only if it has the right shape. */
export function isKeptAnswer(value: unknown): value is KeptAnswer {
  if (!isRecord(value)) return false;
  const { reasoning, usage } = value;
  return (
    Object.keys(value).every((name) => fields.has(name)) &&
    texts.every((name) => typeof value[name] === 'string') &&
    (reasoning === undefined || typeof reasoning === 'string') &&
    (usage === undefined || isUsage(usage))
  );
}

const texts = ['content', 'finishReason', 'model', 'provider', 'id'];
const fields = new Set([...texts, 'reasoning', 'usage']);

function isUsage(usage: unknown): usage is TokenUsage {
  const counts = ['inputTokens', 'outputTokens', 'totalTokens'];
  return isRecord(usage) && counts.every((name) => Number.isFinite(usage[name]));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
