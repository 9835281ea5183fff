import type { ChatResult } from '@kortana/llm';
import type { Output } from './output.ts';

/** Gives a whole answer to a reader of streams. */
export async function replay(result: ChatResult, output: Output): Promise<void> {
  const { content, reasoning, toolCalls = [] } = result;
  if (reasoning) await output.send({ type: 'reasoning', text: reasoning });
  if (content) await output.send({ type: 'text', text: content });
  for (const [index, { id, name, arguments: argumentsDelta }] of toolCalls.entries()) {
    await output.send({ type: 'toolCall', index, id, name, argumentsDelta });
  }
}
