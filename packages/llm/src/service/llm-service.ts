import { checkMethods, checkObject, type KortanaError, toKortanaError } from '@kortana/errors';
import { MetricsCollector } from '@kortana/perf';
import { boundModel } from '../call/bound-model.ts';
import { observeStream } from '../call/observe-stream.ts';
import type { ChatChunk, ChatMessage, ChatModel, ChatResult, TokenUsage } from '../chat-model.ts';
import { costOf } from '../cost/cost-of.ts';
import type { PriceTable } from '../cost/prices.ts';
import { offlineModel } from '../offline/offline-model.ts';
import { openaiModel } from '../openai/openai-model.ts';
import type { OpenAIModelOptions } from '../openai/openai-options.ts';
import { checkGeneration, type GenerateOptions } from './service-options.ts';

export interface LLMServiceOptions extends Omit<OpenAIModelOptions, 'provider'> {
  /** `'openai'` (any compatible server, with the options of `openaiModel`), `'offline'`, or a model; default `'openai'`. */
  provider?: 'openai' | 'offline' | ChatModel | undefined;
  /** Default: its own. */
  metrics?: MetricsCollector | undefined;
  /** For `costUsd`; default: the table of this package. */
  prices?: PriceTable | undefined;
  /** Monotonic; default `performance`. */
  clock?: { now(): number } | undefined;
}

/** What is known of a call, whether it succeeded or not. */
export interface ResponseMetadata {
  model: string;
  provider: string;
  usage?: TokenUsage;
  /** Absent where the price is not known. */
  costUsd?: number;
  finishReason?: string;
  processingTimeMs: number;
  requestId?: string;
}

export type GenerateResult =
  | { content: string; metadata: ResponseMetadata; error?: undefined }
  | { error: KortanaError; metadata: ResponseMetadata; content?: undefined };

/**
 * One model with the defaults of a chat: a time limit, a moderate temperature, metrics. It touches
 * no network and needs no key until it is first used, so it can be made where modules load.
 */
export class LLMService {
  readonly metrics: MetricsCollector;
  readonly #options: LLMServiceOptions;
  readonly #clock: { now(): number };
  #model: ChatModel | undefined;

  constructor(options: LLMServiceOptions = {}) {
    checkObject('options', options);
    const { provider = 'openai', clock } = options;
    if (provider !== 'openai' && provider !== 'offline') {
      checkMethods('provider', provider, ['complete', 'stream']);
    }
    this.#options = { ...options };
    this.metrics = options.metrics ?? new MetricsCollector();
    this.#clock = clock ? checkMethods('clock', clock, ['now']) : { now: () => performance.now() };
  }

  /** Whether it has been used. */
  get initialized(): boolean {
    return this.#model !== undefined;
  }

  /**
   * The whole answer, or the error that kept it away: check `error` before you read `content`.
   *
   * @throws ValidationError for bad arguments, the signal's reason when the caller aborts
   */
  async generateResponse(
    prompt: string | readonly ChatMessage[],
    options: GenerateOptions = {},
  ): Promise<GenerateResult> {
    const model = this.#use();
    const { request, timeoutMs, signal } = checkGeneration(prompt, options, model);
    const startedAt = this.#clock.now();
    try {
      const result = await model.complete(request, { signal, timeoutMs });
      const metadata = this.#metadata(result, model.provider, startedAt);
      return { content: result.content, metadata };
    } catch (error) {
      if (signal?.aborted && error === signal.reason) throw error;
      const asked = { model: request.model ?? model.id, provider: model.provider };
      const metadata = { ...asked, ...this.#measure('llm.generate', startedAt, false) };
      return { error: toKortanaError(error), metadata };
    }
  }

  /** The answer as it comes. Whatever keeps it from being whole is thrown. */
  streamResponse(
    prompt: string | readonly ChatMessage[],
    options: GenerateOptions = {},
  ): AsyncIterable<ChatChunk> {
    const model = this.#use();
    const { request, ...limits } = checkGeneration(prompt, options, model);
    return observeStream(model.stream(request, limits), () => {
      const startedAt = this.#clock.now();
      return {
        end: (outcome) => {
          // An abort is neither a success nor a failure of the model's.
          const aborted = outcome.kind === 'failed' && outcome.error === limits.signal?.reason;
          if (outcome.kind === 'left' || aborted) return;
          this.#measure('llm.stream', startedAt, outcome.kind === 'whole');
        },
      };
    });
  }

  #use(): ChatModel {
    return (this.#model ??= boundModel(this.#makeModel()));
  }

  #makeModel(): ChatModel {
    const {
      provider = 'openai',
      metrics: _metrics,
      clock: _clock,
      prices: _prices,
      ...rest
    } = this.#options;
    if (typeof provider !== 'string') return provider;
    return provider === 'openai' ? openaiModel(rest) : offlineModel();
  }

  #metadata(result: ChatResult, provider: string, startedAt: number): ResponseMetadata {
    const { model, usage, finishReason, id } = result;
    const costUsd = costOf({ provider, model, usage }, this.#options.prices);
    return {
      model,
      provider,
      ...(usage === undefined ? {} : { usage }),
      ...(costUsd === undefined ? {} : { costUsd }),
      finishReason,
      ...(id ? { requestId: id } : {}),
      ...this.#measure('llm.generate', startedAt, true),
    };
  }

  #measure(operation: string, startedAt: number, success: boolean): { processingTimeMs: number } {
    const processingTimeMs = this.#clock.now() - startedAt;
    this.metrics.record(operation, processingTimeMs, success);
    return { processingTimeMs };
  }
}
