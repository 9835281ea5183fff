import {
  callHook,
  checkMethods,
  checkObject,
  checkOneOf,
  type KortanaError,
  toKortanaError,
} from '@kortana/errors';
import { MetricsCollector } from '@kortana/perf';
import { boundModel } from '../call/bound-model.ts';
import { isAbort } from '../call/is-abort.ts';
import { observeStream } from '../call/observe-stream.ts';
import type { ChatChunk, ChatMessage, ChatModel, ChatResult, TokenUsage } from '../chat-model.ts';
import { costOf } from '../cost/cost-of.ts';
import type { PriceTable } from '../cost/prices.ts';
import { offlineModel } from '../offline/offline-model.ts';
import { openaiModel } from '../openai/openai-model.ts';
import type { OpenAIModelOptions } from '../openai/openai-options.ts';
import { logObserverError } from '../telemetry/log.ts';
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
  readonly #model: ChatModel;
  readonly #prices: PriceTable | undefined;
  readonly #clock: { now(): number };
  #initialized = false;

  constructor(options: LLMServiceOptions = {}) {
    checkObject('options', options);
    const { provider = 'openai', metrics, prices, clock, ...rest } = options;
    this.#model = boundModel(modelFor(provider, rest));
    this.metrics = metrics ? checkMethods('metrics', metrics, ['record']) : new MetricsCollector();
    if (prices !== undefined) checkObject('prices.prices', checkObject('prices', prices).prices);
    this.#prices = prices;
    this.#clock = clock ? checkMethods('clock', clock, ['now']) : { now: () => performance.now() };
  }

  /** Whether it has been used. */
  get initialized(): boolean {
    return this.#initialized;
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
    const model = this.#model;
    const { request, timeoutMs, signal } = checkGeneration(prompt, options, model);
    this.#initialized = true;
    const startedAt = this.#clock.now();
    try {
      const result = await model.complete(request, { signal, timeoutMs });
      const metadata = this.#metadata(result, model.provider, startedAt);
      return { content: result.content, metadata };
    } catch (error) {
      if (isAbort(error, signal)) throw error;
      const failure = toKortanaError(error);
      const { requestId } = failure.context;
      const metadata = {
        model: request.model ?? model.id,
        provider: model.provider,
        ...(typeof requestId === 'string' ? { requestId } : {}),
        ...this.#measure('llm.generate', startedAt, false),
      };
      return { error: failure, metadata };
    }
  }

  /** The answer as it comes. Whatever keeps it from being whole is thrown. */
  streamResponse(
    prompt: string | readonly ChatMessage[],
    options: GenerateOptions = {},
  ): AsyncIterable<ChatChunk> {
    const model = this.#model;
    const { request, ...limits } = checkGeneration(prompt, options, model);
    this.#initialized = true;
    return observeStream(model.stream(request, limits), () => {
      const startedAt = this.#clock.now();
      return {
        end: (outcome) => {
          // An abort is neither a success nor a failure of the model's.
          const aborted = outcome.kind === 'failed' && isAbort(outcome.error, limits.signal);
          if (outcome.kind === 'left' || aborted) return;
          this.#measure('llm.stream', startedAt, outcome.kind === 'whole');
        },
      };
    });
  }

  #metadata(result: ChatResult, provider: string, startedAt: number): ResponseMetadata {
    const { model, usage, finishReason, id } = result;
    const costUsd = costOf({ provider, model, usage }, this.#prices);
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
    const record = () => this.metrics.record(operation, processingTimeMs, success);
    callHook('metrics', record, [], (_, error) => logObserverError(error));
    return { processingTimeMs };
  }
}

function modelFor(provider: string | ChatModel, options: OpenAIModelOptions): ChatModel {
  if (typeof provider !== 'string')
    return checkMethods('provider', provider, ['complete', 'stream']);
  checkOneOf('provider', provider, ['openai', 'offline']);
  return provider === 'openai' ? openaiModel(options) : offlineModel();
}
