import type {
  ChatChunk,
  ChatModel,
  ChatRequest,
  ChatResult,
  CompleteOptions,
  StreamOptions,
} from '../chat-model.ts';
import { brokenReply } from '../failure/broken-reply.ts';
import { Call } from './call.ts';
import { callStream } from './call-stream.ts';

/**
 * The model with its limits and the caller's abort kept, though it may heed neither: by chunks, for
 * bytes can't be seen from here; and an end without a finish is an error. One that keeps all that
 * itself comes back as it is.
 */
export function boundModel(model: ChatModel): ChatModel {
  return model.keepsLimits === true ? model : new BoundModel(model);
}

class BoundModel implements ChatModel {
  readonly keepsLimits = true;
  readonly #model: ChatModel;

  constructor(model: ChatModel) {
    this.#model = model;
  }

  get id(): string {
    return this.#model.id;
  }

  get provider(): string {
    return this.#model.provider;
  }

  get scope(): string {
    return this.#model.scope;
  }

  async complete(
    request: ChatRequest,
    { signal, timeoutMs }: CompleteOptions = {},
  ): Promise<ChatResult> {
    const call = new Call(request.model ?? this.id, { signal, timeoutMs }).start();
    try {
      return await call.race(this.#model.complete(request, { signal: call.signal }));
    } finally {
      call.settle();
    }
  }

  stream(request: ChatRequest, options: StreamOptions = {}): AsyncIterable<ChatChunk> {
    return callStream(() => {
      const call = new Call(request.model ?? this.id, options);
      return { call, chunks: this.#chunks(request, call) };
    });
  }

  async *#chunks(request: ChatRequest, call: Call): AsyncGenerator<ChatChunk, void> {
    call.start();
    let iterator: AsyncIterator<ChatChunk> | undefined;
    let over = false;
    let finished = false;
    try {
      iterator = this.#model.stream(request, { signal: call.signal })[Symbol.asyncIterator]();
      for (;;) {
        call.waiting();
        const { done, value } = await call.race(iterator.next());
        call.heard();
        over = done === true;
        if (done === true) {
          if (finished) return;
          const model = request.model ?? this.id;
          throw brokenReply({ provider: this.provider, model }, 'STREAM_CUT');
        }
        finished ||= value.type === 'finish';
        if (value.type !== 'usage') call.spoken();
        yield value;
        call.signal.throwIfAborted();
      }
    } finally {
      call.settle();
      if (!over && iterator !== undefined) leave(iterator);
    }
  }
}

/** Not waited for: it may be deaf to this, too. */
function leave(iterator: AsyncIterator<unknown>): void {
  const left = async (): Promise<unknown> => iterator.return?.();
  left().catch(() => undefined);
}
