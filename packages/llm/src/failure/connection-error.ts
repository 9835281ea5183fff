import { type KortanaError, TimeoutError } from '@kortana/errors';
import { brokenReply } from './broken-reply.ts';
import type { Asked } from './provider-error.ts';

/** Node's fetch has limits of its own: 10 s to connect, 300 s to the head, 300 s between bytes. */
const timeouts = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
]);

/** The system's word for it (`ECONNREFUSED`), which fetch hides in a chain of causes. */
function systemCode(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 5) return undefined;
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown[] };
  if (typeof code === 'string' && code !== '') return code;
  return systemCode(cause ?? errors?.[0], depth + 1);
}

/** A `fetch` of the user's may quote what it was to send. */
function isQuoting({ redact }: Asked, error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 5) return false;
  return (
    redact(error.message) !== error.message ||
    isQuoting({ redact } as Asked, error.cause, depth + 1)
  );
}

/** A call that died on the wire: before the reply (`CONNECTION_FAILED`) or within it (`STREAM_CUT`). */
export function connectionError(
  asked: Asked,
  error: unknown,
  way: 'CONNECTION_FAILED' | 'STREAM_CUT' = 'CONNECTION_FAILED',
): KortanaError {
  const reason = systemCode(error);
  const context = reason === undefined ? {} : { reason };
  if (reason !== undefined && timeouts.has(reason)) {
    return new TimeoutError(
      `${asked.provider} took too long for the network (${reason}, ${asked.model})`,
      {
        operation: 'network',
        context,
        cause: error,
      },
    );
  }
  return brokenReply(asked, way, { context, ...(!isQuoting(asked, error) && { cause: error }) });
}
