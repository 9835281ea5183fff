import { KortanaError } from '@kortana/errors';
import type { Call } from '../call/call.ts';
import { brokenReply } from '../failure/broken-reply.ts';
import { connectionError } from '../failure/connection-error.ts';
import type { Asked } from '../failure/provider-error.ts';

/** The true reason of what was thrown: what stopped the call, else what was seen on its wire. */
export function failureOf(error: unknown, call: Call, asked: Asked): unknown {
  if (call.stop !== 'none') return call.signal.reason;
  if (call.failure) return call.failure;
  if (KortanaError.isInstance(error)) return error;
  // Before the wire was reached it is a mistake in the request: the user's own error.
  if (!call.reached) return error;
  // The message of a SyntaxError quotes the reply.
  if (error instanceof SyntaxError) return brokenReply(asked, 'INVALID_RESPONSE');
  return connectionError(asked, error, 'STREAM_CUT');
}
