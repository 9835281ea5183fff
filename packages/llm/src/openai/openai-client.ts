import type { OpenAI } from 'openai';
import { type Connection, connectionOf, requireConnection } from './connection.ts';
import type { OpenAIModelOptions } from './openai-options.ts';
import { watchedFetch } from './watched-fetch.ts';

/**
 * The official client, made at its first use: until then the environment is read anew each time
 * (a key may come late), and the SDK isn't loaded (it takes longer than all else here together).
 */
export class OpenAIClient {
  readonly #options: OpenAIModelOptions;
  #opened: { connection: Connection; sdk: Promise<OpenAI> } | undefined;

  constructor(options: OpenAIModelOptions) {
    this.#options = options;
  }

  get connection(): Connection {
    return this.#opened?.connection ?? connectionOf(this.#options);
  }

  /** @throws ConfigurationError where something is missing */
  async open(): Promise<OpenAI> {
    if (!this.#opened) {
      const { connection } = this;
      requireConnection(connection);
      this.#opened = { connection, sdk: loadSdk(this.#options, connection) };
    }
    return this.#opened.sdk;
  }
}

/** The limits of a call are ours; the SDK's own end at the head of a stream. */
const noTimeout = 2 ** 31 - 1;

/**
 * Without retries (they would multiply with the engine's), without logs (it prints what it can't
 * parse), without a key where none is needed.
 */
async function loadSdk(options: OpenAIModelOptions, connection: Connection): Promise<OpenAI> {
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
