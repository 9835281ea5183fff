import { ValidationError } from '@kortana/errors';
import type { ChatRequest } from '@kortana/llm';

/** @throws ValidationError if there is nothing that a model could be asked */
export function checkRequest(request: ChatRequest): void {
  const messages: unknown = (request as Partial<ChatRequest> | undefined)?.messages;
  if (Array.isArray(messages) && messages.length > 0) return;
  const rule = 'must be an array of at least one message';
  throw new ValidationError(`messages ${rule}`, {
    field: 'messages',
    issues: [{ path: 'messages', message: `messages ${rule}` }],
  });
}
