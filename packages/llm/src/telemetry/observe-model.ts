import { isAbort } from '../call/is-abort.ts';
import { observeStream, type StreamOutcome } from '../call/observe-stream.ts';
import type {
  ChatChunk,
  ChatModel,
  ChatRequest,
  ChatResult,
  FinishReason,
  TokenUsage,
} from '../chat-model.ts';

/** A call that begins, as an observer sees it. */
export interface ObservedCall {
  model: ChatModel;
  request: ChatRequest;
  stream: boolean;
  /** Of the caller: an abort is nobody's failure. */
  signal: AbortSignal | undefined;
}

/** What a whole answer told, streamed or not. */
export interface Told {
  finishReason: FinishReason;
  model: string;
  id: string;
  usage?: TokenUsage;
}

export type CallOutcome =
  | { kind: 'whole'; told: Told; result?: ChatResult }
  | { kind: 'failed'; error: unknown }
  | { kind: 'stopped' };

/** Follows one call. */
export interface CallObserver {
  /** Wraps what the call does on its way, for the sake of ambient context. */
  within?<T>(work: () => T): T;
  /** For text, reasoning and tool calls. */
  chunk?(chunk: ChatChunk): void;
  end(outcome: CallOutcome): void;
}

export type Observe = (call: ObservedCall) => CallObserver;

/**
 * The same model, each of its calls observed. An observer that throws (a sampler, an exporter of
 * the application's) is told on and changes nothing.
 */
export function observeModel(
  model: ChatModel,
  given: Observe,
  tell: (error: unknown) => void,
): ChatModel {
  const observe: Observe = (call) => unshaken(given, call, tell);
  return {
    get id() {
      return model.id;
    },
    get provider() {
      return model.provider;
    },
    get scope() {
      return model.scope;
    },
    get keepsLimits() {
      return model.keepsLimits === true;
    },

    async complete(request, options) {
      const observer = observe({ model, request, stream: false, signal: options?.signal });
      const ask = () => model.complete(request, options);
      try {
        const result = await (observer.within?.(ask) ?? ask());
        observer.end({ kind: 'whole', told: result, result });
        return result;
      } catch (error) {
        observer.end(failed(error, options?.signal));
        throw error;
      }
    },

    stream: (request, options) =>
      observeStream(model.stream(request, options), () => {
        const observer = observe({ model, request, stream: true, signal: options?.signal });
        const told: Partial<Told> = {};
        return {
          ...(observer.within ? { within: observer.within } : {}),
          chunk(chunk) {
            if (chunk.type === 'usage') told.usage = chunk.usage;
            else if (chunk.type === 'finish') Object.assign(told, chunk);
            else observer.chunk?.(chunk);
          },
          end: (outcome) => observer.end(outcomeOf(outcome, told as Told, options?.signal)),
        };
      }),
  };
}

function unshaken(
  observe: Observe,
  call: ObservedCall,
  tell: (error: unknown) => void,
): CallObserver {
  const safely = (work: () => void) => {
    try {
      work();
    } catch (error) {
      tell(error);
    }
  };
  let observer: CallObserver | undefined;
  safely(() => (observer = observe(call)));
  if (observer === undefined) return { end: () => undefined };
  const { within, chunk, end } = observer;
  return {
    ...(within && { within }),
    ...(chunk && { chunk: (piece) => safely(() => chunk(piece)) }),
    end: (outcome) => safely(() => end(outcome)),
  };
}

const failed = (error: unknown, signal: AbortSignal | undefined): CallOutcome =>
  isAbort(error, signal) ? { kind: 'stopped' } : { kind: 'failed', error };

function outcomeOf(
  outcome: StreamOutcome,
  told: Told,
  signal: AbortSignal | undefined,
): CallOutcome {
  if (outcome.kind === 'left') return { kind: 'stopped' };
  return outcome.kind === 'whole' ? { kind: 'whole', told } : failed(outcome.error, signal);
}
