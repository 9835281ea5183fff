import type { Attributes } from '@opentelemetry/api';
import { KortanaError } from '@kortana/errors';
import type { ChatRequest, FinishReason } from '../chat-model.ts';
import type { ObservedCall, Told } from './observe-model.ts';

/** A model that tells where it is; others have no such attributes. */
export interface Addressed {
  readonly address?: { host: string; port: number } | undefined;
}

/** What every span and every metric of a call has. */
export function commonAttributes({ model, request }: ObservedCall): Attributes {
  const { address } = model as Addressed;
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': model.provider,
    'gen_ai.request.model': request.model ?? model.id,
    ...(address ? { 'server.address': address.host, 'server.port': address.port } : {}),
  };
}

/** Fields of the request, ours and Chat Completions' own in `extra`, by their conventional names. */
const numbers: Readonly<Record<string, string>> = {
  temperature: 'temperature',
  maxTokens: 'max_tokens',
  seed: 'seed',
  top_p: 'top_p',
  top_k: 'top_k',
  frequency_penalty: 'frequency_penalty',
  presence_penalty: 'presence_penalty',
  n: 'choice.count',
};

export function requestAttributes(request: ChatRequest, stream: boolean): Attributes {
  const fields: Record<string, unknown> = { ...request.extra, ...request };
  const attributes: Attributes = { 'gen_ai.request.stream': stream };
  for (const [field, name] of Object.entries(numbers)) {
    const value = fields[field];
    if (typeof value === 'number') attributes[`gen_ai.request.${name}`] = value;
  }
  if (request.stop) attributes['gen_ai.request.stop_sequences'] = request.stop;
  if (request.responseFormat) {
    attributes['gen_ai.output.type'] = request.responseFormat.type === 'text' ? 'text' : 'json';
  }
  return attributes;
}

const spelling: Readonly<Record<string, string>> = {
  toolCalls: 'tool_calls',
  contentFilter: 'content_filter',
};

/** As the conventions spell it. */
export const finishReasonName = (reason: FinishReason): string => spelling[reason] ?? reason;

export function responseAttributes({ id, model, finishReason, usage }: Told): Attributes {
  return {
    'gen_ai.response.id': id,
    'gen_ai.response.model': model,
    'gen_ai.response.finish_reasons': [finishReasonName(finishReason)],
    ...(usage && {
      'gen_ai.usage.input_tokens': usage.inputTokens,
      'gen_ai.usage.output_tokens': usage.outputTokens,
    }),
    ...(usage?.cachedInputTokens !== undefined && {
      'gen_ai.usage.cache_read.input_tokens': usage.cachedInputTokens,
    }),
  };
}

/** Few values, none of them made of content. */
export const errorType = (error: unknown): string =>
  KortanaError.isInstance(error) ? error.code : error instanceof Error ? error.name : '_OTHER';
