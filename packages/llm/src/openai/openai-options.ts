import type { InstrumentOptions } from '../telemetry/instrument.ts';
import { checkFunction, checkObject, checkString } from '@kortana/errors';

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

export function isBaseURL(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password;
}

function checkBaseURL(baseURL: string): void {
  if (!isBaseURL(checkString('baseURL', baseURL))) {
    throw new RangeError(
      'Expected `baseURL` to be an http(s) URL without a user, got another text',
    );
  }
}

/** What a header can carry. */
export const isKey = (text: string): boolean => /^[\x21-\x7e]+$/.test(text.trim());

function checkKey(apiKey: string): void {
  if (!isKey(apiKey)) {
    throw new RangeError('Expected `apiKey` to be of visible ASCII characters, got another text');
  }
}

/** Without the values in its words, which `Headers` would quote: they may be secrets. */
function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    try {
      void new Headers({ [name]: checkString(`headers.${name}`, value) });
    } catch {
      throw new TypeError(`Expected \`headers.${name}\` to be a header with a value of text`);
    }
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
  if (options.apiKey !== undefined) checkKey(options.apiKey);
  if (options.headers !== undefined) checkHeaders(checkObject('headers', options.headers));
  if (options.fetch !== undefined) checkFunction('fetch', options.fetch);
}
