import { createHash } from 'node:crypto';
import { sleep } from '@kortana/async';
import { checkInteger, checkNumber, checkObject } from '@kortana/errors';
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
  TokenUsage,
} from '../chat-model.ts';
import { offlineAnswer } from './offline-answer.ts';

export interface OfflineModelOptions {
  /** How fast it speaks, above 0; default: without a pause. */
  tokensPerSecond?: number | undefined;
  /** Chooses among equal phrases, an integer from 0 up; default 0. */
  seed?: number | undefined;
}

/**
 * The model that is always there: it needs no key and no network, gives the same answer to the
 * same request, and says honestly that it is no language model.
 */
export function offlineModel(options: OfflineModelOptions = {}): ChatModel {
  checkObject('options', options);
  const { tokensPerSecond = Infinity, seed = 0 } = options;
  checkNumber('tokensPerSecond', tokensPerSecond, { above: 0, infinite: true });
  checkInteger('seed', seed, { min: 0 });
  return new OfflineModel(1000 / tokensPerSecond, seed);
}

/** A word with the blank behind it counts as one token. */
const tokensOf = (text: string): string[] => text.match(/\S+\s*|\s+/g) ?? [];

interface Answer {
  tokens: string[];
  finishReason: 'stop' | 'length';
  usage: TokenUsage;
  id: string;
}

class OfflineModel implements ChatModel {
  readonly id = 'kortana-offline';
  readonly provider = 'offline';
  readonly keepsLimits = true;
  readonly scope: string;
  readonly #pauseMs: number;
  readonly #seed: number;

  constructor(pauseMs: number, seed: number) {
    this.#pauseMs = pauseMs;
    this.#seed = seed;
    this.scope = createHash('sha256').update(`offline:${seed}`).digest('hex');
  }

  async complete(
    request: ChatRequest,
    { signal, timeoutMs }: CompleteOptions = {},
  ): Promise<ChatResult> {
    let content = '';
    for await (const chunk of this.stream(request, { signal, timeoutMs })) {
      if (chunk.type === 'text') content += chunk.text;
    }
    const { finishReason, usage, id } = this.#answer(request);
    return { content, finishReason, model: this.id, usage, id };
  }

  stream(request: ChatRequest, options: StreamOptions = {}): AsyncIterable<ChatChunk> {
    return callStream(() => {
      const call = new Call(this.id, options);
      return { call, chunks: this.#chunks(request, call) };
    });
  }

  async *#chunks(request: ChatRequest, call: Call): AsyncGenerator<ChatChunk, void> {
    checkRequest(request);
    call.start();
    try {
      const { tokens, finishReason, usage, id } = this.#answer(request);
      const startedAt = performance.now();
      for (const [at, text] of tokens.entries()) {
        // Each has its time, whatever the pauses before really took: a timer is no finer than 1 ms.
        const waitMs = startedAt + (at + 1) * this.#pauseMs - performance.now();
        if (waitMs >= 1) await sleep(waitMs, { signal: call.signal });
        call.signal.throwIfAborted();
        yield { type: 'text', text };
      }
      call.signal.throwIfAborted();
      yield { type: 'usage', usage };
      yield { type: 'finish', finishReason, model: this.id, id };
    } finally {
      call.settle();
    }
  }

  #answer(request: ChatRequest): Answer {
    const full = tokensOf(offlineAnswer(request, this.#seed));
    const tokens = full.slice(0, request.maxTokens ?? full.length);
    const asked = JSON.stringify(request.messages);
    const inputTokens = tokensOf(asked).length;
    return {
      tokens,
      finishReason: tokens.length < full.length ? 'length' : 'stop',
      usage: { inputTokens, outputTokens: tokens.length, totalTokens: inputTokens + tokens.length },
      id: `offline-${createHash('sha256').update(`${this.#seed}${asked}`).digest('hex').slice(0, 16)}`,
    };
  }
}
