import type { Call } from '../call/call.ts';
import { brokenReply } from '../failure/broken-reply.ts';
import { connectionError } from '../failure/connection-error.ts';
import type { Asked } from '../failure/provider-error.ts';
import { EventParser, type ServerEvent } from './event-parser.ts';

/** After `[DONE]` the end of the body is due; who holds it back longer loses the connection. */
const longestGoodbyeMs = 1000;

type BodyReader = ReadableStreamDefaultReader<Uint8Array>;

/**
 * The events of a reply, read as they come: any byte is a sign of life, an abort ends the reading
 * at once (whatever the body does), and a break is told from an end.
 *
 * The SDK could read them, too, but loses all three, and takes more time for it.
 */
export class EventSource {
  readonly #reader: BodyReader | undefined;
  readonly #call: Call;
  readonly #asked: Asked;
  readonly #parser = new EventParser();
  readonly #decoder = new TextDecoder();
  readonly #stop = (): void => void this.#reader?.cancel().catch(() => undefined);

  constructor(body: ReadableStream<Uint8Array> | null, call: Call, asked: Asked) {
    this.#reader = body?.getReader();
    this.#call = call;
    this.#asked = asked;
    call.signal.addEventListener('abort', this.#stop, { once: true });
  }

  /** The next events, maybe none yet; `undefined` at the end of the body. */
  async read(): Promise<ServerEvent[] | undefined> {
    if (!this.#reader) return undefined;
    this.#call.waiting();
    try {
      const { done, value } = await this.#reader.read();
      this.#call.heard();
      // Aborted: what the reading ended with is not the end of the answer.
      this.#call.signal.throwIfAborted();
      if (!done) return this.#parser.push(this.#decoder.decode(value, { stream: true }));
      const last = this.#parser.end();
      for (const event of last) event.last = true;
      return last.length > 0 ? last : undefined;
    } catch (error) {
      if (error instanceof RangeError) throw brokenReply(this.#asked, 'STREAM_MALFORMED');
      throw this.#call.signal.aborted
        ? this.#call.signal.reason
        : (this.#call.failure = connectionError(this.#asked, error, 'STREAM_CUT'));
    }
  }

  /** To be called when the answer is whole: reads on to the end, so that the connection lives. */
  leave(): void {
    this.#call.signal.removeEventListener('abort', this.#stop);
    if (this.#reader) void sayGoodbye(this.#reader, this.#stop);
  }
}

async function sayGoodbye(reader: BodyReader, stop: () => void): Promise<void> {
  const timer = setTimeout(stop, longestGoodbyeMs).unref();
  try {
    while (!(await reader.read()).done);
  } catch {
    // It broke after the answer was whole: no loss.
  } finally {
    clearTimeout(timer);
  }
}
