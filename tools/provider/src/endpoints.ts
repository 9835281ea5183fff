import { answerTo } from './answer.ts';
import type { ChatRequestBody } from './chat-request.ts';
import { Completion, json } from './completion.ts';
import { embeddingsFor, type EmbeddingsRequest } from './embeddings.ts';
import type { ProviderOptions } from './provider-options.ts';
import { responseFor, type ResponsesRequest } from './responses.ts';
import type { Step } from './step.ts';

/** A refusal in the provider's own words. */
export const refusal = (status: number, message: string, code: string | null = null): Step[] =>
  json(status, { error: { message, type: 'invalid_request_error', param: null, code } });

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The good answer of each endpoint; `undefined` where there is none. */
export function answerFor(
  path: string,
  body: unknown,
  number: number,
  options: ProviderOptions,
): Step[] | undefined {
  if (!isRecord(body)) return refusal(400, 'The body of a request must be a JSON object.');
  switch (path) {
    case '/v1/chat/completions':
      return chat(body as unknown as ChatRequestBody, number, options);
    case '/v1/embeddings':
      return embeddings(body as unknown as EmbeddingsRequest);
    case '/v1/responses':
      return responses(body as unknown as ResponsesRequest, number, options);
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
  if (!body.messages.every(isRecord)) return refusal(400, "Invalid 'messages': expected objects.");
  const { tools = [] } = body;
  if (!Array.isArray(tools) || !tools.every((tool) => isRecord(tool) && isRecord(tool.function))) {
    return refusal(400, "Invalid 'tools': expected functions.");
  }
  const answer = (options.answer ?? answerTo)(body);
  const given = typeof answer === 'string' ? { content: answer } : answer;
  return new Completion(`chatcmpl-${number}`, body, given).steps();
}

function embeddings(body: EmbeddingsRequest): Step[] {
  if ([body.input].flat().every((text) => typeof text === 'string')) return embeddingsFor(body);
  return refusal(400, "Invalid 'input': expected a string or an array of strings.");
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
