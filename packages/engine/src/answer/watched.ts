import { TimeoutError } from '@kortana/errors';
import type { ChatChunk, ChatRequest } from '@kortana/llm';
import type { Clock } from '@kortana/perf';
import type { Lane } from '../models/lane.ts';
import { Deadline } from './deadline.ts';

/**
 * A model's stream within its limits: until the first real piece, between two pieces. The reader's
 * own slowness doesn't count. An abort and a limit end it at once, whatever the model does.
 *
 * A model that watches its own bytes is left to keep the finer limits, since it sees signs of life
 * that never become a chunk.
 */
export async function* watched(
  request: ChatRequest,
  { lane, signal }: { lane: Lane; signal: AbortSignal | undefined },
  clock: Clock,
): AsyncGenerator<ChatChunk, void, undefined> {
  const { model, name, limits } = lane;
  const controller = new AbortController();
  const stop = (reason: unknown): void => {
    controller.abort(reason);
    reject(reason);
  };
  const onAbort = (): void => stop(signal?.reason);
  let reject: (reason: unknown) => void = () => {};
  let speaking = false;
  let ended = false;
  let limitMs = limits.attemptMs;
  const deadline = new Deadline(clock, () => {
    const operation = speaking ? 'idle' : 'first token';
    const words = speaking ? 'fell silent for' : 'said nothing for';
    stop(new TimeoutError(`${name} ${words} ${limitMs} ms`, { operation, timeoutMs: limitMs }));
  });
  const attemptEndsAt = clock.now() + limits.attemptMs;

  signal?.throwIfAborted();
  signal?.addEventListener('abort', onAbort, { once: true });
  const chunks = model.stream(request, {
    signal: controller.signal,
    firstTokenTimeoutMs: limits.firstTokenMs,
    idleTimeoutMs: limits.idleMs,
  });
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      const ownMs =
        model.keepsLimits === true ? Infinity : speaking ? limits.idleMs : limits.firstTokenMs;
      const restMs = speaking ? Infinity : attemptEndsAt - clock.now();
      limitMs = ownMs <= restMs ? ownMs : limits.attemptMs;
      deadline.set(Math.min(ownMs, restMs));
      const step = await new Promise<IteratorResult<ChatChunk>>((resolve, fail) => {
        reject = fail;
        iterator.next().then(resolve, fail);
      });
      deadline.set(Infinity);
      ended = step.done === true;
      if (step.done === true) return;
      speaking ||= isOutput(step.value);
      yield step.value;
      controller.signal.throwIfAborted();
    }
  } finally {
    deadline.clear();
    signal?.removeEventListener('abort', onAbort);
    if (!ended) leave(iterator, controller);
  }
}

function leave(iterator: AsyncIterator<ChatChunk>, controller: AbortController): void {
  controller.abort(new DOMException('The call is over', 'AbortError'));
  // Not waited for: a model that doesn't end is not to hold up who left it.
  iterator.return?.().catch(() => {});
}

function isOutput(chunk: ChatChunk): boolean {
  if (chunk.type === 'text' || chunk.type === 'reasoning') return chunk.text !== '';
  return chunk.type === 'toolCall';
}
