import { withTimeout } from '@kortana/async';
import type { ChatMessage, ToolCall } from '@kortana/llm';
import { z } from 'zod';
import type { Tool } from './tool.ts';

type ToolMessage = Extract<ChatMessage, { role: 'tool' }>;

/** Runs what a model wants to have called, all at once. What fails is told to the model, not thrown. */
export function runToolCalls(
  calls: readonly ToolCall[],
  tools: readonly Tool[],
  { signal, restMs }: { signal: AbortSignal | undefined; restMs: number },
  onDone: (name: string, error?: unknown) => void,
): Promise<ToolMessage[]> {
  return Promise.all(
    calls.map(async ({ id, name, arguments: args }) => {
      const message = (content: string): ToolMessage => ({ role: 'tool', content, toolCallId: id });
      const tool = tools.find(({ definition }) => definition.name === name);
      if (tool === undefined) return message(failure(`There is no tool called ${name}`));
      try {
        const timeoutMs = Math.min(tool.timeoutMs, restMs);
        const limits = { timeoutMs, operation: name, signal };
        const result = await withTimeout((own) => tool.call(args, own), limits);
        onDone(name);
        return message(result);
      } catch (error) {
        signal?.throwIfAborted();
        onDone(name, error);
        return message(failure(inWords(error)));
      }
    }),
  );
}

const failure = (error: string): string => JSON.stringify({ error });

function inWords(error: unknown): string {
  if (error instanceof z.ZodError) return `Wrong arguments: ${z.prettifyError(error)}`;
  if (error instanceof SyntaxError) return 'The arguments are not JSON';
  return error instanceof Error ? error.message : String(error);
}
