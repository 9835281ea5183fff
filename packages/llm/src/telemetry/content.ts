import type { Attributes } from '@opentelemetry/api';
import type {
  ChatChunk,
  ChatMessage,
  ChatRequest,
  ChatResult,
  FinishReason,
  ToolCall,
} from '../chat-model.ts';
import { finishReasonName } from './attributes.ts';

/*
 * Messages as the conventions want them in spans: JSON texts of `{ role, parts }`. Only ever called
 * where content was asked for.
 */

const textPart = (content: string) => ({ type: 'text', content });

const toolPart = ({ id, name, arguments: text }: ToolCall) => ({
  type: 'tool_call',
  id,
  name,
  arguments: text,
});

function partsOf(message: ChatMessage): object[] {
  switch (message.role) {
    case 'tool':
      return [{ type: 'tool_call_response', id: message.toolCallId, response: message.content }];
    case 'assistant':
      return [
        ...(message.content ? [textPart(message.content)] : []),
        ...(message.toolCalls ?? []).map(toolPart),
      ];
    case 'system':
      return [textPart(message.content)];
    case 'user':
      if (typeof message.content === 'string') return [textPart(message.content)];
      return message.content.map((part) =>
        part.type === 'text'
          ? textPart(part.text)
          : { type: 'uri', modality: 'image', uri: part.url },
      );
  }
}

export function inputAttributes({ messages, tools }: ChatRequest): Attributes {
  const spoken = messages.filter(({ role }) => role !== 'system');
  const system = messages.filter(({ role }) => role === 'system');
  return {
    'gen_ai.input.messages': JSON.stringify(
      spoken.map((one) => ({ role: one.role, parts: partsOf(one) })),
    ),
    ...(system.length > 0 && {
      'gen_ai.system_instructions': JSON.stringify(system.flatMap(partsOf)),
    }),
    ...(tools && { 'gen_ai.tool.definitions': JSON.stringify(tools) }),
  };
}

/** The answer so far, put together from chunks. */
export class AnswerText {
  #text = '';
  #reasoning = '';
  readonly #calls: ToolCall[] = [];

  add(chunk: ChatChunk): void {
    if (chunk.type === 'text') this.#text += chunk.text;
    else if (chunk.type === 'reasoning') this.#reasoning += chunk.text;
    else if (chunk.type === 'toolCall') {
      const call = (this.#calls[chunk.index] ??= { id: '', name: '', arguments: '' });
      call.id ||= chunk.id ?? '';
      call.name ||= chunk.name ?? '';
      call.arguments += chunk.argumentsDelta ?? '';
    }
  }

  attributes(finishReason: FinishReason): Attributes {
    const toolCalls = this.#calls;
    return outputAttributes({
      content: this.#text,
      reasoning: this.#reasoning,
      toolCalls,
      finishReason,
    });
  }
}

type Answer = Pick<ChatResult, 'content' | 'reasoning' | 'toolCalls' | 'finishReason'>;

export function outputAttributes({
  content,
  reasoning,
  toolCalls,
  finishReason,
}: Answer): Attributes {
  const parts = [
    ...(reasoning ? [{ type: 'reasoning', content: reasoning }] : []),
    ...(content ? [textPart(content)] : []),
    ...(toolCalls ?? []).map(toolPart),
  ];
  const message = { role: 'assistant', parts, finish_reason: finishReasonName(finishReason) };
  return { 'gen_ai.output.messages': JSON.stringify([message]) };
}
