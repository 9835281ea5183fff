import { checkObject } from '@kortana/errors';
import type { ChatRequest } from '../chat-model.ts';

/**
 * What any model needs of a request; all else is for its provider to judge.
 *
 * @throws TypeError
 */
export function checkRequest(request: ChatRequest): void {
  const messages: unknown = checkObject('request', request).messages;
  if (!Array.isArray(messages)) {
    const came = messages === null ? 'null' : typeof messages;
    throw new TypeError(`Expected \`messages\` to be an array of messages, got ${came}`);
  }
  for (const [at, message] of messages.entries()) checkObject(`messages[${at}]`, message);
}
