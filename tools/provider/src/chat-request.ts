/** The part of a Chat Completions request that the answers look at. */
export interface ChatRequestBody {
  model: string;
  messages: { role: string; content?: unknown; tool_call_id?: string }[];
  stream?: boolean;
  stream_options?: { include_usage?: boolean } | null;
  max_tokens?: number | null;
  max_completion_tokens?: number | null;
  tools?: { type: string; function: { name: string; parameters?: Record<string, unknown> } }[];
  tool_choice?: unknown;
  response_format?: { type: string; json_schema?: { schema?: Record<string, unknown> } };
}

/** The text of a message, whether it is a string or a list of parts. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: { type?: string; text?: string } | null) =>
      part?.type === 'text' ? (part.text ?? '') : '',
    )
    .join('');
}

/** The newest user message: what the answer is about, and where directives are looked for. */
export function lastUserText(
  messages: readonly (ChatRequestBody['messages'][number] | null)[],
): string {
  return textOf(messages.findLast((message) => message?.role === 'user')?.content);
}
