import type OpenAI from 'openai';
import type {
  ChatMessage,
  ChatRequest,
  ContentPart,
  ResponseFormat,
  ToolChoice,
} from '../chat-model.ts';

type Body = OpenAI.ChatCompletionCreateParamsNonStreaming;

const partOf = (part: ContentPart): OpenAI.ChatCompletionContentPart =>
  part.type === 'text'
    ? { type: 'text', text: part.text }
    : {
        type: 'image_url',
        image_url: { url: part.url, ...(part.detail ? { detail: part.detail } : {}) },
      };

function messageOf(message: ChatMessage): OpenAI.ChatCompletionMessageParam {
  switch (message.role) {
    case 'system':
      return { role: 'system', content: message.content };
    case 'user':
      return {
        role: 'user',
        content:
          typeof message.content === 'string' ? message.content : message.content.map(partOf),
      };
    case 'tool':
      return { role: 'tool', content: message.content, tool_call_id: message.toolCallId };
    case 'assistant':
      if (!message.toolCalls?.length) return { role: 'assistant', content: message.content };
      return {
        role: 'assistant',
        content: message.content || null,
        tool_calls: message.toolCalls.map(({ id, name, arguments: text }) => ({
          id,
          type: 'function',
          function: { name, arguments: text },
        })),
      };
  }
}

const toolChoiceOf = (choice: ToolChoice): OpenAI.ChatCompletionToolChoiceOption =>
  typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } };

function formatOf(format: ResponseFormat): NonNullable<Body['response_format']> {
  if (format.type === 'text') return { type: 'text' };
  if (format.type === 'json') return { type: 'json_object' };
  const { name, schema, strict } = format;
  return {
    type: 'json_schema',
    json_schema: { name, schema, ...(strict === undefined ? {} : { strict }) },
  };
}

/** OpenAI's newer models refuse `max_tokens`; most compatible servers know nothing else. */
const maxTokens = (count: number, own: boolean) =>
  own ? { max_completion_tokens: count } : { max_tokens: count };

/**
 * The request in Chat Completions' words. `extra` adds what has no words here and can't overrule
 * what has.
 */
export function requestBody(request: ChatRequest, model: string, own: boolean): Body {
  const { temperature, tools, toolChoice, responseFormat, stop, seed } = request;
  return {
    ...request.extra,
    model: request.model ?? model,
    messages: request.messages.map(messageOf),
    ...(temperature === undefined ? {} : { temperature }),
    ...(request.maxTokens === undefined ? {} : maxTokens(request.maxTokens, own)),
    ...(tools?.length
      ? { tools: tools.map((tool) => ({ type: 'function' as const, function: tool })) }
      : {}),
    ...(toolChoice === undefined ? {} : { tool_choice: toolChoiceOf(toolChoice) }),
    ...(responseFormat === undefined ? {} : { response_format: formatOf(responseFormat) }),
    ...(stop === undefined ? {} : { stop }),
    ...(seed === undefined ? {} : { seed }),
  };
}
