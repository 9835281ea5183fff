import { KortanaError } from '@kortana/errors';
import type { OpenAI } from 'openai';
import { Call } from '../call/call.ts';
import type {
  ChatChunk,
  ChatModel,
  ChatRequest,
  ChatResult,
  CompleteOptions,
  StreamOptions,
} from '../chat-model.ts';
import { brokenReply } from '../failure/broken-reply.ts';
import { connectionError } from '../failure/connection-error.ts';
import { errorDetail } from '../failure/error-detail.ts';
import { type Asked, providerError } from '../failure/provider-error.ts';
import { redactor } from '../failure/redact.ts';
import type { Addressed } from '../telemetry/attributes.ts';
import { instrument } from '../telemetry/instrument.ts';
import { EventSource } from '../wire/event-source.ts';
import { openClient } from './openai-client.ts';
import {
  checkOptions,
  type Connection,
  connectionOf,
  type OpenAIModelOptions,
  requireKey,
  scopeOf,
} from './openai-options.ts';
import { readCompletion } from './read-completion.ts';
import { requestBody } from './request-body.ts';
import { StreamAnswer } from './stream-answer.ts';
import { type Watch, watchedBy } from './watched-fetch.ts';

/**
 * A model behind OpenAI's Chat Completions, the protocol that every compatible server speaks. The
 * key is looked for, and the SDK loaded, at the first call. Failures are told apart and named; none
 * is tried again here.
 */
export function openaiModel(options: OpenAIModelOptions = {}): ChatModel {
  checkOptions(options);
  const { telemetry = {}, ...rest } = options;
  const model = new OpenAIModel(rest);
  return telemetry === false ? model : instrument(model, telemetry);
}

class OpenAIModel implements ChatModel, Addressed {
  readonly id: string;
  readonly keepsLimits = true;
  readonly #options: OpenAIModelOptions;
  #opened: { client: Promise<OpenAI>; connection: Connection } | undefined;

  constructor(options: OpenAIModelOptions) {
    this.id = options.model ?? 'gpt-4o';
    this.#options = options;
  }

  get provider(): string {
    return this.#connection().provider;
  }

  get scope(): string {
    return scopeOf(this.#connection());
  }

  /** For spans and metrics. */
  get address(): { host: string; port: number } {
    return this.#connection().address;
  }

  async complete(
    request: ChatRequest,
    { signal, timeoutMs }: CompleteOptions = {},
  ): Promise<ChatResult> {
    const asked = this.#asked(request);
    const call = new Call(asked.model, { signal, timeoutMs }).start();
    try {
      const reply = await call.race(this.#ask(request, { call, asked, stream: false }));
      call.settle();
      return resultOf(reply, asked);
    } catch (error) {
      const failure = failureOf(error, call, asked);
      call.leave();
      throw failure;
    }
  }

  /** Each iteration is a call of its own; without one, nothing is asked. */
  stream(request: ChatRequest, options: StreamOptions = {}): AsyncIterable<ChatChunk> {
    return {
      [Symbol.asyncIterator]: () => {
        const asked = this.#asked(request);
        const call = new Call(asked.model, options);
        const chunks = this.#chunks(request, { call, asked, stream: true });
        return {
          next: () => chunks.next(),
          // A generator would keep it waiting until the next byte, and the far side working.
          return: () => {
            call.leave();
            return chunks.return();
          },
        };
      },
    };
  }

  async *#chunks(request: ChatRequest, watch: Watch): AsyncGenerator<ChatChunk, void> {
    const { call, asked } = watch;
    const answer = new StreamAnswer(asked);
    call.start();
    try {
      const events = await call.race(this.#open(request, watch));
      for (let some = await events.read(); some; some = await events.read()) {
        for (const event of some) {
          for (const chunk of answer.read(event)) {
            call.spoken();
            yield chunk;
            // What the wire has brought already is not given to who wants no more.
            if (call.stop !== 'none') throw call.signal.reason;
          }
        }
        if (answer.finished) call.spoken();
        if (answer.done) break;
      }
      const last = answer.end();
      call.settle();
      events.leave();
      yield* last;
    } catch (error) {
      if (call.stop === 'left') return;
      // What breaks after the finish marker breaks nothing.
      const broken = call.stop === 'expired' || call.failure !== undefined;
      const failure = failureOf(error, call, asked);
      call.leave();
      if (!(answer.finished && broken)) throw failure;
      yield* answer.end();
    }
  }

  async #ask(request: ChatRequest, watch: Watch): Promise<OpenAI.ChatCompletion> {
    const client = await this.#client();
    return client.chat.completions.create(this.#body(request), watchedBy(watch));
  }

  async #open(request: ChatRequest, watch: Watch): Promise<EventSource> {
    const client = await this.#client();
    const body = {
      stream_options: { include_usage: true },
      ...this.#body(request),
      stream: true,
    } as const;
    const reply = await client.chat.completions.create(body, watchedBy(watch)).asResponse();
    return new EventSource(reply.body, watch.call, watch.asked);
  }

  #body(request: ChatRequest) {
    return requestBody(request, this.id, this.#connection().own);
  }

  #asked(request: ChatRequest): Asked {
    const { apiKey, headers, provider } = this.#connection();
    return {
      provider,
      model: request.model ?? this.id,
      redact: redactor(request, [apiKey ?? '', ...Object.values(headers)]),
    };
  }

  /** Read from the environment anew until the client is made: a key may come late. */
  #connection(): Connection {
    return this.#opened?.connection ?? connectionOf(this.#options);
  }

  async #client(): Promise<OpenAI> {
    if (!this.#opened) {
      const connection = this.#connection();
      requireKey(connection);
      this.#opened = { connection, client: openClient(this.#options, connection) };
    }
    return this.#opened.client;
  }
}

function resultOf(reply: OpenAI.ChatCompletion, asked: Asked): ChatResult {
  const result = readCompletion(reply, asked.model);
  if (result) return result;
  // Some answer 200 and put the error into the body.
  throw 'message' in errorDetail(reply)
    ? providerError(asked, { body: reply })
    : brokenReply(asked, 'INVALID_RESPONSE');
}

/** The true reason of what was thrown: what stopped the call, else what was seen on its wire. */
function failureOf(error: unknown, call: Call, asked: Asked): unknown {
  if (call.stop !== 'none') return call.signal.reason;
  if (call.failure) return call.failure;
  if (KortanaError.isInstance(error)) return error;
  // Before the wire was reached it is a mistake in the request: the user's own error.
  if (!call.reached) return error;
  // The message of a SyntaxError quotes the reply.
  if (error instanceof SyntaxError) return brokenReply(asked, 'INVALID_RESPONSE');
  return connectionError(asked, error, 'STREAM_CUT');
}
