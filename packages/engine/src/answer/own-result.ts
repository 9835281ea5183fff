import type { ChatResult } from '@kortana/llm';

/** A result that the caller may do with what he likes: others got, or will get, the same one. */
export function ownResult(result: ChatResult): ChatResult {
  const { usage, toolCalls } = result;
  return {
    ...result,
    ...(usage !== undefined && { usage: { ...usage } }),
    ...(toolCalls !== undefined && { toolCalls: structuredClone(toolCalls) }),
  };
}
