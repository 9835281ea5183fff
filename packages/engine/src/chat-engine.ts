import { abortable } from '@kortana/async';
import { checkNumber, checkObject } from '@kortana/errors';
import type { ChatRequest } from '@kortana/llm';
import { inMemoryStore, Memory } from '@kortana/memory';
import type { CircuitBreaker, MetricsCollector } from '@kortana/perf';
import { AnswerCache } from './answer/answer-cache.ts';
import { Channel, type Put } from './answer/channel.ts';
import type { EngineChunk, EngineEvent, EngineReply, EngineResult } from './answer/engine-reply.ts';
import { ownResult } from './answer/own-result.ts';
import { type Emit, Output } from './answer/output.ts';
import type { ChatEngineOptions } from './chat-engine-options.ts';
import { Lanes } from './models/lanes.ts';
import { Door } from './observe/door.ts';
import { type EngineStatus, statusOf } from './observe/engine-status.ts';
import type { Journal } from './observe/journal.ts';
import type { EngineNotice } from './observe/notice.ts';
import { Observer, type Operation } from './observe/observer.ts';
import { answering } from './pipeline/answering.ts';
import { Bulkhead } from './pipeline/bulkhead.ts';
import type { Answer, Next } from './pipeline/call.ts';
import { Effort } from './pipeline/effort.ts';
import { type EngineSettings, readEngineOptions } from './read-engine-options.ts';
import { requestKey } from './request-key.ts';
import type { AskOptions, RequestOptions } from './turn/ask-options.ts';
import { checkRequest } from './turn/check-request.ts';
import { Conversation } from './turn/conversation.ts';
import { readAskOptions } from './turn/read-ask-options.ts';
import { Turns } from './turn/turns.ts';

/** A timer holds no more, in milliseconds. */
const longestMs = 2 ** 31 - 1;

/** What reads an answer while it is being written. */
interface Reader {
  put: Put<Parameters<Emit>[0]>;
  left: AbortSignal;
}

/**
 * A chat that keeps answering: fast when it has answered before, cheap when many ask the same, calm
 * when the provider fails.
 *
 *     const engine = new ChatEngine();
 *     const { content, metadata } = await engine.getResponse('What is 2+2?');
 *
 * When nothing can answer, it throws the KortanaError that says why, and when to come back.
 */
export class ChatEngine {
  readonly #settings: EngineSettings;
  readonly #observer: Observer;
  readonly #lanes: Lanes;
  readonly #door = new Door();
  readonly #bulkhead: Bulkhead;
  readonly #cache: AnswerCache | undefined;
  readonly #memory: Memory | undefined;
  readonly #conversation: Conversation | undefined;
  readonly #turns: Turns;
  readonly #answer: Next;

  constructor(options: ChatEngineOptions = {}) {
    const settings = readEngineOptions(options);
    const { clock, givenClock, random, memory, cache } = settings;
    this.#settings = settings;
    this.#observer = new Observer(settings);
    this.#lanes = new Lanes(settings.models, {
      timeouts: settings.timeouts,
      breaker: settings.circuitBreaker,
      retry: settings.retry,
      clock: givenClock,
      random,
      tell: this.#observer.tell,
    });
    this.#bulkhead = new Bulkhead(settings);
    this.#cache = cache && new AnswerCache(cache, givenClock);
    this.#memory =
      memory === false ? undefined : (memory ?? new Memory({ store: inMemoryStore() }));
    const background: Door['background'] = (run) => this.#door.background(run);
    this.#conversation =
      this.#memory &&
      new Conversation({ memory: this.#memory, clock, observer: this.#observer, background });
    this.#turns = new Turns({
      ...settings,
      conversation: this.#conversation,
      observer: this.#observer,
    });
    this.#answer = answering({
      ...settings,
      bulkhead: this.#bulkhead,
      judgesRetry: settings.retry.retryOn !== undefined,
      onRetry: settings.retry.onRetry,
      judges: settings.circuitBreaker.expectedException !== undefined,
      observer: this.#observer,
      cache: this.#cache && { cache: this.#cache, clock, observer: this.#observer, background },
    });
  }

  /** How often each operation ran, how long it took, and how often it failed. */
  get metrics(): MetricsCollector {
    return this.#observer.metrics;
  }

  /** The breaker of the first model. */
  get llmCircuitBreaker(): CircuitBreaker {
    return this.#lanes.all[0]!.breaker;
  }

  /**
   * The answer to a message.
   *
   * @throws (rejects) ValidationError for a message that is none; the signal's reason; what was
   * wrong with the model, where no other one could step in
   */
  async getResponse(message: string, options: AskOptions = {}): Promise<EngineReply> {
    const { answer, receipt } = await this.#respond('get_response', message, options);
    return { content: answer.result.content, metadata: receipt };
  }

  /** The same, while it is being written. Throws where `getResponse` rejects: an end is a whole answer. */
  streamResponse(message: string, options: AskOptions = {}): AsyncIterableIterator<EngineEvent> {
    return new Channel<EngineEvent>(async (put, left) => {
      const reader = { put, left };
      const { answer, receipt } = await this.#respond('stream_response', message, options, reader);
      const reply: EngineReply = { content: answer.result.content, metadata: receipt };
      await put({ type: 'finish', reply });
    }, options?.signal);
  }

  /** The pipeline alone: no persona, no memory, no tools run. */
  async complete(request: ChatRequest, options: RequestOptions = {}): Promise<EngineResult> {
    const { answer, receipt } = await this.#request('complete', request, options);
    return { ...ownResult(answer.result), metadata: receipt };
  }

  /** The same, streamed. Ends with one `finish`, or throws. */
  stream(request: ChatRequest, options: RequestOptions = {}): AsyncIterableIterator<EngineChunk> {
    return new Channel<EngineChunk>(async (put, left) => {
      const reader = { put, left };
      const { answer, receipt } = await this.#request('stream', request, options, reader);
      const { usage, finishReason, model, id } = answer.result;
      if (usage !== undefined) await put({ type: 'usage', usage: { ...usage } });
      const reply: EngineResult = { ...ownResult(answer.result), metadata: receipt };
      await put({ type: 'finish', finishReason, model, id, reply });
    }, options?.signal);
  }

  /** How the engine is, in figures and in words. */
  status(): EngineStatus {
    return statusOf({
      lanes: this.#lanes.all,
      door: this.#door,
      bulkhead: this.#bulkhead,
      memory: this.#conversation?.trouble,
      cache: this.#cache?.isWhole === false ? 'The shared cache does not answer' : undefined,
    });
  }

  /** Listens to what happens inside. Gives back what ends it. */
  on(event: 'event', listener: (notice: EngineNotice) => void): () => void {
    return this.#observer.on(event, listener);
  }

  /**
   * Takes no new requests, finishes those in flight within `timeoutMs` (default: 10 000), aborts the
   * rest, and writes out what the memory still holds.
   */
  async shutdown(options: { timeoutMs?: number | undefined } = {}): Promise<void> {
    const { timeoutMs = 10_000 } = checkObject('options', options);
    checkNumber('timeoutMs', timeoutMs, { min: 0, infinite: true });
    const { clock, memory } = this.#settings;
    const endsAt = clock.now() + timeoutMs;
    await this.#door.close(timeoutMs);
    const restMs = Math.min(Math.max(1, endsAt - clock.now()), longestMs);
    await this.#conversation?.flush(restMs);
    // One that was given belongs to whoever gave it.
    if (memory === undefined) await this.#memory?.close();
  }

  #respond(operation: Operation, message: string, options: AskOptions, reader?: Reader) {
    return this.#enter(operation, options, reader, (journal, signal) =>
      this.#turns.take({
        message,
        options,
        journal,
        signal,
        emit: reader?.put,
        ask: (request, emit) => this.#ask(request, options, journal, signal, emit),
      }),
    );
  }

  #request(operation: Operation, request: ChatRequest, options: RequestOptions, reader?: Reader) {
    checkRequest(request);
    checkObject('options', options);
    return this.#enter(operation, { ...options, model: request.model }, reader, (journal, signal) =>
      this.#ask(request, options, journal, signal, reader?.put),
    );
  }

  /** What every request passes on its way in and out. */
  async #enter(
    operation: Operation,
    options: AskOptions,
    reader: Reader | undefined,
    run: (journal: Journal, signal: AbortSignal) => Promise<Answer>,
  ) {
    const { signal, model } = readAskOptions(options);
    const both =
      signal && reader ? AbortSignal.any([signal, reader.left]) : (signal ?? reader?.left);
    const [primary] = this.#lanes.for(model);
    return this.#door.let(both, (own) =>
      this.#observer.request(operation, primary!, both, (journal) =>
        abortable(own, () => run(journal, own)),
      ),
    );
  }

  #ask(
    { model, ...request }: ChatRequest,
    { userId = '', cache = 'use' }: RequestOptions,
    journal: Journal,
    signal: AbortSignal | undefined,
    emit: Emit | undefined,
  ): Promise<Answer> {
    const lanes = this.#lanes.for(model);
    const lane = lanes[0]!;
    const mode = this.#cache === undefined ? 'off' : cache;
    // Answers may be shared where they are kept, or where the model is asked to give the same each time.
    const mayShare = mode !== 'off' || request.temperature === 0 || request.seed !== undefined;
    return this.#answer({
      request,
      streamed: emit !== undefined,
      cache: mode,
      tenant: userId,
      key: mayShare ? requestKey({ request, tenant: userId }, lane) : undefined,
      signal,
      lanes,
      lane,
      output: new Output(emit, () => {
        if (emit !== undefined) journal.firstTokenAt ??= this.#settings.clock.now();
      }),
      journal,
      effort: new Effort(),
    });
  }
}
