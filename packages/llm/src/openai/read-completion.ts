import type OpenAI from 'openai';
import { KortanaError } from '@kortana/errors';
import { brokenReply } from '../failure/broken-reply.ts';
import { errorDetail } from '../failure/error-detail.ts';
import { type Asked, providerError } from '../failure/provider-error.ts';
import type { ChatResult, FinishReason, TokenUsage, ToolCall } from '../chat-model.ts';

const finishReasons: Readonly<Record<string, FinishReason>> = {
  tool_calls: 'toolCalls',
  function_call: 'toolCalls',
  content_filter: 'contentFilter',
  model_length: 'length',
  max_tokens: 'length',
};

/** What servers call it when they broke off (OpenRouter, Mistral, vLLM, SGLang, DeepSeek). */
const brokeOff = new Set(['error', 'abort', 'insufficient_system_resource']);

export const finishReasonOf = (reason: string): FinishReason => finishReasons[reason] ?? reason;

/** A completion, or an event of one, with the error that some put into it. */
interface Told {
  choices?: unknown;
  error?: unknown;
}

/** The answer's choice, of whatever `choices` holds. */
interface ToldChoice {
  finish_reason?: string | null;
  error?: unknown;
}

/** The error that a reply, or an event, tells beside its answer or in place of it. */
export function toldFailure(
  reply: Told,
  choice: ToldChoice | undefined,
  asked: Asked,
): KortanaError | undefined {
  if (reply.error) return providerError(asked, { body: reply });
  if (choice?.error) return providerError(asked, { body: choice });
  if (brokeOff.has(choice?.finish_reason ?? '')) return brokenReply(asked, 'STREAM_CUT');
  const isBare = !reply.choices && 'message' in errorDetail(reply);
  return isBare ? providerError(asked, { body: reply }) : undefined;
}

/** Servers send `usage: null`, and fields that are missing or no numbers: then there is none. */
export function usageOf(usage: OpenAI.CompletionUsage | null | undefined): TokenUsage | undefined {
  if (typeof usage?.prompt_tokens !== 'number') return undefined;
  const { prompt_tokens: inputTokens, completion_tokens, total_tokens } = usage;
  const outputTokens = completion_tokens ?? 0;
  const cached = usage.prompt_tokens_details?.cached_tokens;
  return {
    inputTokens,
    outputTokens,
    totalTokens: total_tokens ?? inputTokens + outputTokens,
    ...(typeof cached === 'number' ? { cachedInputTokens: cached } : {}),
  };
}

/** What thinking models wrote first; DeepSeek and vLLM name it one way, OpenRouter and Groq another. */
export const reasoningOf = (message: object): string | undefined => {
  const { reasoning_content, reasoning } = message as Record<string, unknown>;
  const text = reasoning_content ?? reasoning;
  return typeof text === 'string' && text !== '' ? text : undefined;
};

/**
 * Mistral's thinking models send parts in place of a text.
 *
 * @throws TypeError for what is no content: passed over, it would be missing in the answer
 */
export function contentOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (content === null || content === undefined) return '';
  return (content as { type?: string; text?: string }[])
    .map((part) => (part.type === 'text' ? (part.text ?? '') : ''))
    .join('');
}

/** Some servers (older Ollama) send the arguments parsed. */
export const argumentsOf = (given: unknown): string =>
  typeof given === 'string'
    ? given
    : given === undefined || given === null
      ? ''
      : JSON.stringify(given);

const toolCallOf = (call: OpenAI.ChatCompletionMessageToolCall): ToolCall => {
  const { id } = call;
  if (call.type === 'custom') return { id, name: call.custom.name, arguments: call.custom.input };
  const { name, arguments: given } = call.function;
  return { id: id ?? '', name, arguments: argumentsOf(given) };
};

/** @throws TypeError where the reply holds no answer, the error that it tells */
function readCompletion(reply: OpenAI.ChatCompletion, asked: Asked): ChatResult {
  const choice = reply.choices?.[0];
  const failure = toldFailure(reply, choice, asked);
  if (failure) throw failure;
  const { message, finish_reason } = choice!;
  const reasoning = reasoningOf(message);
  const usage = usageOf(reply.usage);
  const content = contentOf(message.content);
  const refused = content === '' && message.refusal;
  return {
    content: content || message.refusal || '',
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(message.tool_calls?.length ? { toolCalls: message.tool_calls.map(toolCallOf) } : {}),
    finishReason: refused ? 'contentFilter' : finishReasonOf(finish_reason ?? 'stop'),
    model: reply.model ?? asked.model,
    ...(usage === undefined ? {} : { usage }),
    id: reply.id ?? '',
    raw: reply,
  };
}

/**
 * A plain reply as a result.
 *
 * @throws the error that it tells, or INVALID_RESPONSE
 */
export function readReply(given: OpenAI.ChatCompletion | string, asked: Asked): ChatResult {
  try {
    // The SDK hands on as text what isn't called JSON by its head; some servers forget to.
    const reply = typeof given === 'string' ? (JSON.parse(given) as OpenAI.ChatCompletion) : given;
    return readCompletion(reply, asked);
  } catch (error) {
    // The words of any other error would quote the reply.
    throw KortanaError.isInstance(error) ? error : brokenReply(asked, 'INVALID_RESPONSE');
  }
}
