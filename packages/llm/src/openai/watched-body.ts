import type { Call } from '../call/call.ts';
import { connectionError } from '../failure/connection-error.ts';
import type { Asked } from '../failure/provider-error.ts';

/** After `[DONE]` the end of the body is due; who holds it back longer loses the connection. */
const longestGoodbyeMs = 1000;

/**
 * The reply with a body that tells the call of each byte, of the end, and of a break.
 *
 * In place of a second ReadableStream around the first (some 10 µs for each chunk) the body's
 * reader is wrapped: the SDK wants nothing else of it.
 */
export function watchBody(reply: Response, call: Call, asked: Asked): Response {
  const reader = reply.body?.getReader();
  if (!reader) return reply;
  const watched = {
    async read() {
      call.waiting();
      try {
        const result = await reader.read();
        call.heard();
        if (result.done) call.ended = true;
        return result;
      } catch (error) {
        throw (call.failure ??= connectionError(asked, error, 'STREAM_CUT'));
      }
    },
    // The SDK cancels at `[DONE]`, a moment before the end: that would cost the connection.
    cancel: async (reason?: unknown) => {
      if (call.ended || call.signal.aborted) await reader.cancel(reason);
      else void sayGoodbye(reader);
    },
    releaseLock: () => undefined,
  };
  return Object.defineProperty(reply, 'body', { value: { getReader: () => watched } });
}

/** Reads on to the end, so that the connection can be used again. */
async function sayGoodbye(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  const timer = setTimeout(() => void reader.cancel().catch(() => undefined), longestGoodbyeMs);
  timer.unref();
  try {
    while (!(await reader.read()).done);
  } catch {
    // It broke after the answer was whole: no loss.
  } finally {
    clearTimeout(timer);
  }
}
