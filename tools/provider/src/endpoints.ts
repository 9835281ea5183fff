import { answerTo } from './answer.ts';
import type { ChatRequestBody } from './chat-request.ts';
import { Completion, json } from './completion.ts';
import { embeddingsFor } from './embeddings.ts';
import type { ProviderOptions } from './provider-options.ts';
import { responseFor, type ResponsesRequest } from './responses.ts';
import type { Step } from './step.ts';

/** A refusal in the provider's own words. */
export const refusal = (status: number, message: string, code: string | null = null): Step[] =>
  json(status, { error: { message, type: 'invalid_request_error', param: null, code } });

/** The good answer of each endpoint; `undefined` where there is none. */
export function answerFor(
  path: string,
  body: unknown,
  number: number,
  options: ProviderOptions,
): Step[] | undefined {
  switch (path) {
    case '/v1/chat/completions':
      return chat(body as ChatRequestBody, number, options);
    case '/v1/embeddings':
      return embeddingsFor(body as Parameters<typeof embeddingsFor>[0]);
    case '/v1/responses':
      return responses(body as ResponsesRequest, number, options);
    default:
      return undefined;
  }
}

function chat(body: ChatRequestBody, number: number, options: ProviderOptions): Step[] {
  if (typeof body.model !== 'string') return refusal(400, 'you must provide a model parameter');
  if (!Array.isArray(body.messages) || body.messages.length === 0) {
    return refusal(
      400,
      "Invalid 'messages': empty array. Expected an array with minimum length 1.",
    );
  }
  const answer = (options.answer ?? answerTo)(body);
  const given = typeof answer === 'string' ? { content: answer } : answer;
  return new Completion(`chatcmpl-${number}`, body, given).steps();
}

function responses(body: ResponsesRequest, number: number, options: ProviderOptions): Step[] {
  if (body.input === undefined) return refusal(400, "Missing required parameter: 'input'.");
  return responseFor(body, number, options.answer);
}

export const modelList = (models: readonly string[]): Step[] =>
  json(200, {
    object: 'list',
    data: models.map((id) => ({
      id,
      object: 'model',
      created: 1_790_000_000,
      owned_by: 'kortana',
    })),
  });
