import { ServiceError } from '@kortana/errors';
import type { Asked } from './provider-error.ts';

/** Ways in which a reply is none: each code, and its words. */
const ways = {
  CONNECTION_FAILED: 'could not be reached',
  STREAM_CUT: 'broke off its answer',
  STREAM_MALFORMED: 'sent an event that is not JSON',
  NOT_A_STREAM: 'was asked for a stream and sent something else',
  INVALID_RESPONSE: 'sent a reply that is no chat completion',
  REDIRECTED: 'sent a redirect, which is not followed: set the base URL to where it points',
} as const;

export type BrokenWay = keyof typeof ways;

/**
 * The error for a reply that is broken, or never came. It carries no reply: V8 quotes the text in
 * the message of a SyntaxError, and what is quoted there could be an answer.
 */
export function brokenReply(
  { provider, model }: Pick<Asked, 'provider' | 'model'>,
  way: BrokenWay,
  options: { cause?: unknown; httpStatus?: number; context?: Record<string, unknown> } = {},
): ServiceError {
  return new ServiceError(`${provider} ${ways[way]} (${model})`, {
    code: way,
    serviceName: provider,
    recoverable: way !== 'REDIRECTED',
    ...options,
    context: { provider, model, ...options.context },
  });
}
