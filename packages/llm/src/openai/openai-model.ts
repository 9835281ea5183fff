import type { OpenAI } from 'openai';
import { Call } from '../call/call.ts';
import { callStream } from '../call/call-stream.ts';
import { checkRequest } from '../call/check-request.ts';
import type {
  ChatChunk,
  ChatModel,
  ChatRequest,
  ChatResult,
  CompleteOptions,
  StreamOptions,
} from '../chat-model.ts';
import type { Asked } from '../failure/provider-error.ts';
import { redactor } from '../failure/redact.ts';
import type { Addressed } from '../telemetry/attributes.ts';
import { instrument } from '../telemetry/instrument.ts';
import { EventSource } from '../wire/event-source.ts';
import { failureOf } from './failure-of.ts';
import { scopeOf, secretsOf } from './connection.ts';
import { OpenAIClient } from './openai-client.ts';
import { checkOptions, type OpenAIModelOptions } from './openai-options.ts';
import { readReply } from './read-completion.ts';
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
  readonly #client: OpenAIClient;

  constructor(options: OpenAIModelOptions) {
    this.id = options.model ?? 'gpt-4o';
    this.#client = new OpenAIClient(options);
  }

  get provider(): string {
    return this.#client.connection.provider;
  }

  get scope(): string {
    return scopeOf(this.#client.connection);
  }

  /** For spans and metrics. */
  get address(): { host: string; port: number } {
    return this.#client.connection.address;
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
      return readReply(reply, asked);
    } catch (error) {
      const failure = failureOf(error, call, asked);
      call.leave();
      throw failure;
    }
  }

  stream(request: ChatRequest, options: StreamOptions = {}): AsyncIterable<ChatChunk> {
    return callStream(() => {
      const asked = this.#asked(request);
      const call = new Call(asked.model, options);
      return { call, chunks: this.#chunks(request, { call, asked, stream: true }) };
    });
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
      // What breaks after the finish marker breaks nothing.
      const broken = call.stop === 'expired' || call.failure !== undefined;
      const failure = failureOf(error, call, asked);
      call.leave();
      if (!(answer.finished && broken)) throw failure;
      yield* answer.end();
    }
  }

  async #ask(request: ChatRequest, watch: Watch): Promise<OpenAI.ChatCompletion> {
    const sdk = await this.#client.open();
    return sdk.chat.completions.create(this.#body(request), watchedBy(watch));
  }

  async #open(request: ChatRequest, watch: Watch): Promise<EventSource> {
    const sdk = await this.#client.open();
    const body = {
      stream_options: { include_usage: true },
      ...this.#body(request),
      stream: true,
    } as const;
    const reply = await sdk.chat.completions.create(body, watchedBy(watch)).asResponse();
    return new EventSource(reply.body, watch.call, watch.asked);
  }

  #body(request: ChatRequest) {
    return requestBody(request, this.id, this.#client.connection.own);
  }

  #asked(request: ChatRequest): Asked {
    checkRequest(request);
    const { connection } = this.#client;
    return {
      provider: connection.provider,
      model: request.model ?? this.id,
      redact: redactor(request, secretsOf(connection)),
    };
  }
}
