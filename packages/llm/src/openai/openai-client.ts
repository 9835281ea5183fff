import type { OpenAI } from 'openai';
import type { Connection } from './connection.ts';
import type { OpenAIModelOptions } from './openai-options.ts';
import { watchedFetch } from './watched-fetch.ts';

/** The limits of a call are ours; the SDK's own end at the head of a stream. */
const noTimeout = 2 ** 31 - 1;

/**
 * The official client: without retries of its own (they would multiply with the engine's), without
 * logs (it prints what it can't parse), without a key where none is needed.
 *
 * The SDK is loaded at the first call: it takes longer than all else here together.
 */
export async function openClient(
  options: OpenAIModelOptions,
  connection: Connection,
): Promise<OpenAI> {
  const { OpenAI } = await import('openai');
  const { apiKey, baseURL, organization, headers } = connection;
  return new OpenAI({
    apiKey: apiKey ?? 'none',
    adminAPIKey: null,
    baseURL,
    organization: organization ?? null,
    maxRetries: 0,
    timeout: noTimeout,
    logLevel: 'off',
    defaultHeaders: {
      ...(apiKey === undefined ? { authorization: null } : {}),
      'x-stainless-timeout': null,
      ...headers,
    },
    fetch: watchedFetch(options.fetch),
  });
}
