import type OpenAI from 'openai';
import { brokenReply } from '../failure/broken-reply.ts';
import { errorDetail } from '../failure/error-detail.ts';
import { type Asked, providerError } from '../failure/provider-error.ts';
import type { ChatResult, FinishReason, TokenUsage, ToolCall } from '../chat-model.ts';

const finishReasons: Readonly<Record<string, FinishReason>> = {
  tool_calls: 'toolCalls',
  function_call: 'toolCalls',
  content_filter: 'contentFilter',
};

export const finishReasonOf = (reason: string): FinishReason => finishReasons[reason] ?? reason;

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

/** Mistral's thinking models send parts in place of a text. */
export function contentOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: { type?: string; text?: string }) =>
      part.type === 'text' ? (part.text ?? '') : '',
    )
    .join('');
}

const toolCallOf = (call: OpenAI.ChatCompletionMessageToolCall): ToolCall[] =>
  call.type === 'custom'
    ? [{ id: call.id, name: call.custom.name, arguments: call.custom.input }]
    : [{ id: call.id, name: call.function.name, arguments: call.function.arguments }];

/** `undefined` where the reply holds no answer. */
function readCompletion(reply: OpenAI.ChatCompletion, model: string): ChatResult | undefined {
  const choice = Array.isArray(reply?.choices) ? reply.choices[0] : undefined;
  if (!choice?.message) return undefined;
  const { message } = choice;
  const reasoning = reasoningOf(message);
  const usage = usageOf(reply.usage);
  const content = contentOf(message.content);
  const refused = content === '' && message.refusal;
  return {
    content: content || message.refusal || '',
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(message.tool_calls?.length ? { toolCalls: message.tool_calls.flatMap(toolCallOf) } : {}),
    finishReason: refused ? 'contentFilter' : finishReasonOf(choice.finish_reason ?? 'stop'),
    model: reply.model ?? model,
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
  // The SDK hands on as text what isn't called JSON by its head; some servers forget to.
  const reply = typeof given === 'string' ? (JSON.parse(given) as OpenAI.ChatCompletion) : given;
  const result = readCompletion(reply, asked.model);
  if (result) return result;
  // Some answer 200 and put the error into the body.
  throw 'message' in errorDetail(reply)
    ? providerError(asked, { body: reply })
    : brokenReply(asked, 'INVALID_RESPONSE');
}
