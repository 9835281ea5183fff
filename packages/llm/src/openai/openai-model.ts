import type { OpenAI } from 'openai';
import { Call } from '../call/call.ts';
import { callStream } from '../call/call-stream.ts';
import type {
  ChatChunk,
  ChatModel,
  ChatRequest,
  ChatResult,
  CompleteOptions,
  StreamOptions,
} from '../chat-model.ts';
import { brokenReply } from '../failure/broken-reply.ts';
import { errorDetail } from '../failure/error-detail.ts';
import { type Asked, providerError } from '../failure/provider-error.ts';
import { redactor } from '../failure/redact.ts';
import type { Addressed } from '../telemetry/attributes.ts';
import { instrument } from '../telemetry/instrument.ts';
import { EventSource } from '../wire/event-source.ts';
import { failureOf } from './failure-of.ts';
import { openClient } from './openai-client.ts';
import { type Connection, connectionOf, requireConnection, scopeOf } from './connection.ts';
import { checkOptions, type OpenAIModelOptions } from './openai-options.ts';
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
      requireConnection(connection);
      this.#opened = { connection, client: openClient(this.#options, connection) };
    }
    return this.#opened.client;
  }
}

function resultOf(given: OpenAI.ChatCompletion | string, asked: Asked): ChatResult {
  // The SDK hands on as text what isn't called JSON by its head; some servers forget to.
  const reply = typeof given === 'string' ? (JSON.parse(given) as OpenAI.ChatCompletion) : given;
  const result = readCompletion(reply, asked.model);
  if (result) return result;
  // Some answer 200 and put the error into the body.
  throw 'message' in errorDetail(reply)
    ? providerError(asked, { body: reply })
    : brokenReply(asked, 'INVALID_RESPONSE');
}
