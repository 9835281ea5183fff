import type { InstrumentOptions } from '../telemetry/instrument.ts';
import { createHash } from 'node:crypto';
import { checkFunction, checkObject, checkString, ConfigurationError } from '@kortana/errors';

export interface OpenAIModelOptions {
  /** The model's name, as the provider spells it; default `gpt-4o`. */
  model?: string | undefined;
  /** Default: `OPENAI_API_KEY`. Only the provider's own address needs one. */
  apiKey?: string | undefined;
  /** Where the API is, up to and with its `/v1`; default: `OPENAI_BASE_URL`, else OpenAI. */
  baseURL?: string | undefined;
  /** Default: `OPENAI_ORG_ID`. */
  organization?: string | undefined;
  /** Sent with every request. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** In place of the global `fetch`; must honour `signal` and `redirect: 'manual'`. */
  fetch?: typeof globalThis.fetch | undefined;
  /** Spans, metrics and log lines for each call (see `instrument`); `false` for none. */
  telemetry?: InstrumentOptions | false | undefined;
  /** The provider's name for errors, metrics and spans; default: from the host, else `openai`. */
  provider?: string | undefined;
}

/** Where to ask, and as whom. */
export interface Connection {
  baseURL: string;
  /** OpenAI's own address, and not a compatible server. */
  own: boolean;
  provider: string;
  address: { host: string; port: number };
  apiKey: string | undefined;
  organization: string | undefined;
  headers: Readonly<Record<string, string>>;
}

const ownAddress = 'https://api.openai.com/v1';

/** The names that the OpenTelemetry conventions give to providers, by the end of their hosts. */
const providers: Readonly<Record<string, string>> = {
  'openai.azure.com': 'azure.ai.openai',
  'api.groq.com': 'groq',
  'api.mistral.ai': 'mistral_ai',
  'api.deepseek.com': 'deepseek',
  'api.x.ai': 'x_ai',
  'api.anthropic.com': 'anthropic',
  'api.perplexity.ai': 'perplexity',
  'generativelanguage.googleapis.com': 'gcp.gemini',
  'openrouter.ai': 'openrouter',
};

function checkBaseURL(baseURL: string): void {
  const url = URL.parse(checkString('baseURL', baseURL));
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw new RangeError(
      'Expected `baseURL` to be an http(s) URL without a user, got another text',
    );
  }
}

/** Checks what was given, so that a mistake shows where it was made. */
export function checkOptions(options: OpenAIModelOptions): void {
  checkObject('options', options);
  for (const name of ['model', 'apiKey', 'organization', 'provider'] as const) {
    if (options[name] !== undefined && checkString(name, options[name]).trim() === '') {
      throw new RangeError(`Expected \`${name}\` to be a text that is not empty, got ''`);
    }
  }
  if (options.baseURL !== undefined) checkBaseURL(options.baseURL);
  // Throws a TypeError for names and values that no header can have.
  if (options.headers !== undefined) void new Headers(checkObject('headers', options.headers));
  if (options.fetch !== undefined) checkFunction('fetch', options.fetch);
}

const fromEnvironment = (name: string): string | undefined =>
  globalThis.process?.env[name]?.trim() || undefined;

/** What was given, else what the environment says now. */
export function connectionOf(options: OpenAIModelOptions): Connection {
  const baseURL = options.baseURL ?? fromEnvironment('OPENAI_BASE_URL') ?? ownAddress;
  const { hostname, port, protocol } = URL.parse(baseURL) ?? new URL(ownAddress);
  return {
    baseURL,
    own: hostname === 'api.openai.com',
    provider: options.provider ?? providerAt(hostname),
    address: { host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) },
    apiKey: options.apiKey ?? fromEnvironment('OPENAI_API_KEY'),
    organization: options.organization ?? fromEnvironment('OPENAI_ORG_ID'),
    headers: options.headers ?? {},
  };
}

function providerAt(host: string): string {
  const known = Object.keys(providers).find((end) => host === end || host.endsWith(`.${end}`));
  return known === undefined ? 'openai' : providers[known]!;
}

const brings = (headers: Readonly<Record<string, string>>, name: string): boolean =>
  Object.keys(headers).some((header) => header.toLowerCase() === name);

/** @throws ConfigurationError where the provider's own address is asked without a key */
export function requireKey(connection: Connection): void {
  if (connection.apiKey !== undefined || !connection.own) return;
  if (brings(connection.headers, 'authorization')) return;
  throw new ConfigurationError(
    'No API key: set OPENAI_API_KEY or pass apiKey; or set OPENAI_BASE_URL to a server that needs ' +
      'none (Ollama: http://localhost:11434/v1); or use offlineModel(), which needs nothing',
    { configKey: 'OPENAI_API_KEY' },
  );
}

/** Two models with one scope reach the same account at the same place; the whole hash, never a part. */
export function scopeOf({ baseURL, apiKey, organization, headers }: Connection): string {
  const sorted = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value])
    .sort(([left], [right]) => (left! < right! ? -1 : 1));
  const identity = JSON.stringify([
    (URL.parse(baseURL)?.href ?? baseURL).replace(/\/+$/, ''),
    apiKey ?? null,
    organization ?? null,
    sorted,
  ]);
  return createHash('sha256').update(identity).digest('hex');
}
