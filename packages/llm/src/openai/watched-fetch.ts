import type { OpenAI } from 'openai';
import { KortanaError } from '@kortana/errors';
import type { Call } from '../call/call.ts';
import { brokenReply } from '../failure/broken-reply.ts';
import { connectionError } from '../failure/connection-error.ts';
import { errorDetail } from '../failure/error-detail.ts';
import { type Asked, providerError } from '../failure/provider-error.ts';

type Fetch = typeof globalThis.fetch;

/** What the watcher of one request knows of it. */
export interface Watch {
  call: Call;
  asked: Asked;
  stream: boolean;
}

/** The SDK hands `fetchOptions` of a request on to `fetch`; this is our own field among them. */
const watchKey = Symbol('kortana.watch');

export const watchedBy = (watch: Watch): OpenAI.RequestOptions => ({
  signal: watch.call.signal,
  fetchOptions: { [watchKey]: watch } as NonNullable<OpenAI.RequestOptions['fetchOptions']>,
});

/**
 * A `fetch` for the SDK that keeps what the SDK loses, the true reason of a failure. It follows no
 * redirect (a key must not wander), and takes nothing for a stream that isn't one.
 */
export function watchedFetch(given: Fetch | undefined): Fetch {
  return async (input, init) => {
    // Read late: whoever replaces the global one (tests, tracers) means this call, too.
    const fetch = given ?? globalThis.fetch;
    const { [watchKey]: watch, ...request } = init as RequestInit & { [watchKey]: Watch };
    const { call } = watch;
    try {
      const reply = await fetch(input, { ...request, redirect: 'manual' });
      call.heard();
      const failure = await failureOf(reply, watch);
      if (!failure) return reply;
      call.failure = failure;
    } catch (error) {
      // A fetch of the user's may know better what happened.
      call.failure ??= KortanaError.isInstance(error) ? error : connectionError(watch.asked, error);
    }
    throw call.failure;
  };
}

async function failureOf(reply: Response, { call, asked, stream }: Watch) {
  const { status, headers } = reply;
  if (reply.type === 'opaqueredirect' || (status >= 300 && status < 400)) {
    await reply.body?.cancel();
    return brokenReply(asked, 'REDIRECTED', status === 0 ? {} : { httpStatus: status });
  }
  if (!reply.ok)
    return providerError(asked, { status, headers, body: await readError(reply, call) });
  const contentType = headers.get('content-type') ?? '';
  if (!stream || !/json|html/i.test(contentType)) return undefined;
  const body = await readError(reply, call);
  return 'message' in errorDetail(body)
    ? providerError(asked, { headers, body })
    : brokenReply(asked, 'NOT_A_STREAM', { context: { contentType } });
}

/** No error is longer; the rest of such a body is not waited for. */
const longestError = 64 * 1024;

/** The JSON of an error reply; `undefined` where it is something else. */
async function readError(reply: Response, call: Call): Promise<unknown> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    // Its silence counts like that of an answer.
    call.waiting();
    for await (const chunk of reply.body ?? []) {
      call.heard();
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (text.length > longestError) break;
      call.waiting();
    }
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
