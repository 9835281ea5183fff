import { type Answer, answerTo } from './answer.ts';
import { type ChatRequestBody, textOf } from './chat-request.ts';
import { countTokens, json, piecesOf } from './completion.ts';
import type { Step } from './step.ts';

/** The part of a request to `/v1/responses` that the answer looks at. */
export interface ResponsesRequest {
  model: string;
  input: string | { role?: string; content?: string | { type: string; text?: string }[] }[];
  instructions?: string;
  stream?: boolean;
}

/** The same request in the words of Chat Completions: text only. */
export function chatOf({ model, input, instructions }: ResponsesRequest): ChatRequestBody {
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
  const messages = items.map(({ role = 'user', content = '' }) => ({
    role,
    content: typeof content === 'string' ? content : content.map(({ text = '' }) => text).join(''),
  }));
  return {
    model,
    messages:
      instructions === undefined
        ? messages
        : [{ role: 'system', content: instructions }, ...messages],
  };
}

/** Text answers of the Responses API, whole or as its named events; no tools, nothing is stored. */
export function responseFor(
  request: ResponsesRequest,
  number: number,
  answer: (body: ChatRequestBody) => Answer | string = answerTo,
): Step[] {
  const chat = chatOf(request);
  const given = answer(chat);
  const text = typeof given === 'string' ? given : given.content;
  const whole = wholeResponse(request.model, number, chat, text);
  return request.stream ? streamed(whole, text) : json(200, whole);
}

function wholeResponse(model: string, number: number, chat: ChatRequestBody, text: string) {
  const input = chat.messages.reduce((sum, { content }) => sum + countTokens(textOf(content)), 0);
  const output = countTokens(text);
  const item = {
    id: `msg_${number}`,
    type: 'message',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text, annotations: [] }],
  };
  return {
    id: `resp_${number}`,
    object: 'response',
    created_at: 1_790_000_000,
    status: 'completed',
    model,
    output: [item],
    usage: {
      input_tokens: input,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: input + output,
    },
  };
}

function streamed(whole: ReturnType<typeof wholeResponse>, text: string): Step[] {
  const [item] = whole.output;
  const place = { item_id: item!.id, output_index: 0, content_index: 0 };
  const part = item!.content[0];
  const events = [
    {
      type: 'response.created',
      response: { ...whole, status: 'in_progress', output: [], usage: null },
    },
    {
      type: 'response.output_item.added',
      output_index: 0,
      item: { ...item, status: 'in_progress', content: [] },
    },
    { type: 'response.content_part.added', ...place, part: { ...part, text: '' } },
    ...piecesOf(text).map((delta) =>
      Object.assign({ type: 'response.output_text.delta', delta }, place),
    ),
    { type: 'response.output_text.done', ...place, text },
    { type: 'response.content_part.done', ...place, part },
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: whole },
  ];
  return [
    { do: 'head', status: 200, headers: { 'content-type': 'text/event-stream' } },
    ...events.map((event, sequence_number): Step => ({
      do: 'write',
      data: `event: ${event.type}\ndata: ${JSON.stringify({ ...event, sequence_number })}\n\n`,
    })),
    { do: 'end' },
  ];
}
