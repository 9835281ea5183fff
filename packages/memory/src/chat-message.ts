/*
 * The words of a conversation, plain JSON. Shaped as the messages of @kortana/llm (which stands a
 * floor above and can't be imported here), so that either passes for the other.
 */

/** A piece of a user's message: text, or an image by URL (`https:` or `data:`). */
export type ContentPart =
  | { type: 'text'; text: string }
  | { type: 'image'; url: string; detail?: 'auto' | 'low' | 'high' | undefined };

/** A model's wish to have a function called; `arguments` is JSON text as the model wrote it. */
export interface ToolCall {
  id: string;
  name: string;
  arguments: string;
}

export type ChatMessage =
  | { role: 'system'; content: string }
  | { role: 'user'; content: string | ContentPart[] }
  | { role: 'assistant'; content: string; toolCalls?: ToolCall[] | undefined }
  | { role: 'tool'; content: string; toolCallId: string };
