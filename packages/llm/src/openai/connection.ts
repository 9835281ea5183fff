import { createHash } from 'node:crypto';
import { ConfigurationError } from '@kortana/errors';
import { isBaseURL, isKey, type OpenAIModelOptions } from './openai-options.ts';

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
  /** What the SDK takes from the environment by itself, and sends. */
  ambient: readonly (string | undefined)[];
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

const fromEnvironment = (name: string): string | undefined =>
  globalThis.process?.env[name]?.trim() || undefined;

/** What was given, else what the environment says now. */
export function connectionOf(options: OpenAIModelOptions): Connection {
  const given = options.baseURL ?? fromEnvironment('OPENAI_BASE_URL') ?? ownAddress;
  const baseURL = given.replace(/\/+$/, '');
  const { hostname, port, protocol } = URL.parse(baseURL) ?? new URL(ownAddress);
  return {
    baseURL,
    own: hostname === 'api.openai.com',
    provider: options.provider ?? providerAt(hostname),
    address: { host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) },
    apiKey: options.apiKey?.trim() ?? fromEnvironment('OPENAI_API_KEY'),
    organization: options.organization ?? fromEnvironment('OPENAI_ORG_ID'),
    headers: options.headers ?? {},
    ambient: ['OPENAI_PROJECT_ID', 'OPENAI_CUSTOM_HEADERS'].map(fromEnvironment),
  };
}

function providerAt(host: string): string {
  const known = Object.keys(providers).find((end) => host === end || host.endsWith(`.${end}`));
  return known === undefined ? 'openai' : providers[known]!;
}

const brings = (headers: Readonly<Record<string, string>>, name: string): boolean =>
  Object.keys(headers).some((header) => header.toLowerCase() === name);

/** @throws ConfigurationError for what the environment lacks or has wrong; options were checked */
export function requireConnection({ baseURL, apiKey, own, headers }: Connection): void {
  if (!isBaseURL(baseURL)) {
    throw new ConfigurationError('Expected OPENAI_BASE_URL to be an http(s) URL without a user', {
      configKey: 'OPENAI_BASE_URL',
    });
  }
  if (apiKey !== undefined && !isKey(apiKey)) {
    throw new ConfigurationError('Expected OPENAI_API_KEY to be of visible ASCII characters', {
      configKey: 'OPENAI_API_KEY',
    });
  }
  if (apiKey !== undefined || !own || brings(headers, 'authorization')) return;
  throw new ConfigurationError(
    'No API key: set OPENAI_API_KEY or pass apiKey; or set OPENAI_BASE_URL to a server that needs ' +
      'none (Ollama: http://localhost:11434/v1); or use offlineModel(), which needs nothing',
    { configKey: 'OPENAI_API_KEY' },
  );
}

/** What must not be seen, though the far side quotes it: the key, and what headers hold. */
export function secretsOf({ apiKey = '', headers, ambient }: Connection): string[] {
  // `name: value`, one a line, is how the SDK takes headers from the environment.
  const lines = ambient.flatMap((text = '') => text.split('\n'));
  const values = lines.map((line) => line.slice(line.indexOf(':') + 1).trim());
  return [apiKey, ...Object.values(headers), ...values];
}

/** Two models with one scope reach the same account at the same place; the whole hash, never a part. */
export function scopeOf(connection: Connection): string {
  const { baseURL, apiKey, organization, headers, ambient } = connection;
  const sorted = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value])
    .sort(([left], [right]) => (left! < right! ? -1 : 1));
  const identity = JSON.stringify([
    URL.parse(baseURL)?.href ?? baseURL,
    apiKey ?? null,
    organization ?? null,
    sorted,
    ambient,
  ]);
  return createHash('sha256').update(identity).digest('hex');
}
