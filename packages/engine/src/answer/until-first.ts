import { startTimer } from '@kortana/async';
import { TimeoutError } from '@kortana/errors';
import type { ChatChunk, ChatRequest } from '@kortana/llm';
import type { Lane } from '../models/lane.ts';

/**
 * A model's stream, of which the first real piece has to come within the time of one attempt. The
 * finer limits are the model's own: it sees signs of life that never become a chunk.
 */
export async function* untilFirst(
  request: ChatRequest,
  { lane, signal }: { lane: Lane; signal: AbortSignal | undefined },
): AsyncGenerator<ChatChunk, void, undefined> {
  const { model, name, limits } = lane;
  const { attemptMs: timeoutMs, firstTokenMs, idleMs } = limits;
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal?.reason);
  signal?.throwIfAborted();
  signal?.addEventListener('abort', onAbort, { once: true });
  const stopTimer = startTimer(timeoutMs, () => {
    const words = `${name} said nothing for ${timeoutMs} ms`;
    controller.abort(new TimeoutError(words, { operation: 'first token', timeoutMs }));
  });
  try {
    const limited = {
      signal: controller.signal,
      firstTokenTimeoutMs: firstTokenMs,
      idleTimeoutMs: idleMs,
    };
    for await (const chunk of model.stream(request, limited)) {
      if (isOutput(chunk)) stopTimer();
      yield chunk;
    }
  } finally {
    stopTimer();
    signal?.removeEventListener('abort', onAbort);
  }
}

function isOutput(chunk: ChatChunk): boolean {
  if (chunk.type === 'text' || chunk.type === 'reasoning') return Boolean(chunk.text);
  return chunk.type === 'toolCall';
}
