import { type ChatRequestBody, lastUserText } from './chat-request.ts';
import { chatOf, type ResponsesRequest } from './responses.ts';

/** What the faults look at, whatever the endpoint. */
export interface Asked {
  model: string;
  stream: boolean;
  /** What the user said last; empty where nobody speaks. */
  said: string;
}

/** Of any body: one that is wrong is refused later, with the endpoint's own words. */
export function askedOf(path: string, body: unknown): Asked {
  const { model, stream, messages, input } = (body ?? {}) as Partial<
    ChatRequestBody & ResponsesRequest
  >;
  const chat =
    path === '/v1/responses' && input !== undefined
      ? chatOf(body as ResponsesRequest)
      : { messages };
  return {
    model: typeof model === 'string' ? model : '',
    stream: stream === true,
    said: Array.isArray(chat.messages) ? lastUserText(chat.messages) : '',
  };
}
