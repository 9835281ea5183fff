import {
  checkInteger,
  checkObject,
  checkString,
  ConfigurationError,
  ServiceError,
} from '@kortana/errors';
import { within } from '../within.ts';
import type { Embedder } from './embedder.ts';

export interface EmbeddingsEndpointOptions {
  /** As OpenAI-compatible servers have it: `http://127.0.0.1:11434/v1`. */
  baseURL: string;
  model: string;
  /** Default: none is sent. */
  apiKey?: string | undefined;
  /** For servers that can shorten vectors. Default: as the model makes them. */
  dimensions?: number | undefined;
  /** For one request, in ms, from 1 up. Default: 30,000. */
  timeoutMs?: number | undefined;
  fetch?: typeof fetch | undefined;
}

/** Vectors from any server that speaks OpenAI's `POST /embeddings`. */
export function embeddingsEndpoint(options: EmbeddingsEndpointOptions): Embedder {
  const { apiKey, dimensions } = checkObject('options', options);
  const model = checkString('model', options.model);
  const url = `${checkUrl(options.baseURL).replace(/\/+$/, '')}/embeddings`;
  const timeoutMs = checkInteger('timeoutMs', options.timeoutMs ?? 30_000, { min: 1 });
  if (dimensions !== undefined) checkInteger('dimensions', dimensions, { min: 1 });
  const headers = {
    'content-type': 'application/json',
    ...(apiKey !== undefined && { authorization: `Bearer ${checkString('apiKey', apiKey)}` }),
  };

  async function ask(input: readonly string[], signal: AbortSignal): Promise<number[][]> {
    const body = JSON.stringify({ model, input, ...(dimensions !== undefined && { dimensions }) });
    const { fetch: send = fetch } = options;
    const response = await send(url, { method: 'POST', headers, body, signal });
    if (!response.ok) {
      await response.body?.cancel();
      throw new ServiceError(`The embeddings endpoint answered ${response.status}`, {
        serviceName: 'embeddings',
        httpStatus: response.status,
      });
    }
    return read(await response.json(), input.length);
  }

  return {
    model: dimensions === undefined ? model : `${model}/${dimensions}`,
    embed: (texts, signal) =>
      within((both) => ask(texts, both), { timeoutMs, operation: 'embed', signal }),
  };
}

function checkUrl(baseURL: string): string {
  if (URL.canParse(checkString('baseURL', baseURL))) return baseURL;
  throw new ConfigurationError('Expected `baseURL` to be a URL', { configKey: 'baseURL' });
}

/** One vector for each text, in their order; the answer may be in any. */
function read(answer: unknown, count: number): number[][] {
  const { data } = (answer ?? {}) as { data?: { index?: number; embedding?: unknown }[] };
  const vectors: number[][] = [];
  if (Array.isArray(data)) {
    data.forEach(({ index, embedding }, place) => {
      if (isVector(embedding)) vectors[index ?? place] = embedding;
    });
  }
  const isWhole = vectors.length === count && !Array.from(vectors).includes(undefined as never);
  if (isWhole) return vectors;
  throw new ServiceError('The embeddings endpoint gave no vector for each text', {
    serviceName: 'embeddings',
  });
}

function isVector(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every((x) => Number.isFinite(x));
}
