import type { Answer } from './answer.ts';
import { type ChatRequestBody, textOf } from './chat-request.ts';
import type { Step } from './step.ts';

export const json = (
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Step[] => [
  { do: 'head', status, headers: { 'content-type': 'application/json', ...headers } },
  { do: 'write', data: JSON.stringify(body) },
  { do: 'end' },
];

export const event = (data: unknown): Step => ({
  do: 'write',
  data: `data: ${JSON.stringify(data)}\n\n`,
});

/** One token for each word, as near as a test needs it. */
export const countTokens = (text: string) => text.split(/\s+/).filter(Boolean).length;

/** Words with the blank that follows them, so that joining gives the text again. */
export const piecesOf = (text: string): string[] => text.match(/\S+\s*|\s+/g) ?? [];

/** The whole of an answer, cut to `max_tokens` as a real model is. */
export class Completion {
  readonly id: string;
  readonly #body: ChatRequestBody;
  readonly #answer: Answer;
  readonly #pieces: string[];
  readonly #finishReason: string;

  constructor(id: string, body: ChatRequestBody, answer: Answer) {
    const all = piecesOf(answer.content);
    const limit = body.max_completion_tokens ?? body.max_tokens ?? Infinity;
    this.id = id;
    this.#body = body;
    this.#answer = answer;
    this.#pieces = all.slice(0, limit);
    this.#finishReason = answer.toolCalls ? 'tool_calls' : all.length > limit ? 'length' : 'stop';
  }

  /** The steps of an ordinary, faultless reply. */
  steps(): Step[] {
    return this.#body.stream ? this.#stream() : json(200, this.#whole());
  }

  #head(object: string) {
    return { id: this.id, object, created: 1_790_000_000, model: this.#body.model };
  }

  #usage() {
    const prompt = this.#body.messages.reduce(
      (sum, message) => sum + countTokens(textOf(message.content)),
      0,
    );
    const completion = this.#pieces.length + countTokens(this.#answer.reasoning ?? '');
    return {
      prompt_tokens: prompt,
      completion_tokens: completion,
      total_tokens: prompt + completion,
      prompt_tokens_details: { cached_tokens: 0 },
    };
  }

  #toolCalls() {
    return this.#answer.toolCalls?.map((call, index) => ({
      id: `call_${index + 1}`,
      type: 'function',
      function: call,
    }));
  }

  #whole() {
    const toolCalls = this.#toolCalls();
    const { reasoning } = this.#answer;
    const message = {
      role: 'assistant',
      content: toolCalls ? null : this.#pieces.join(''),
      refusal: null,
      ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
      ...(toolCalls ? { tool_calls: toolCalls } : {}),
    };
    return {
      ...this.#head('chat.completion'),
      choices: [{ index: 0, message, logprobs: null, finish_reason: this.#finishReason }],
      usage: this.#usage(),
    };
  }

  #stream(): Step[] {
    const withUsage = this.#body.stream_options?.include_usage === true;
    const chunk = (delta: object, finish_reason: string | null = null) =>
      event({
        ...this.#head('chat.completion.chunk'),
        choices: [{ index: 0, delta, logprobs: null, finish_reason }],
        ...(withUsage ? { usage: null } : {}),
      });
    return [
      {
        do: 'head',
        status: 200,
        headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' },
      },
      chunk({ role: 'assistant', content: '' }),
      ...piecesOf(this.#answer.reasoning ?? '').map((piece) => chunk({ reasoning_content: piece })),
      ...this.#pieces.map((piece) => chunk({ content: piece })),
      ...(this.#toolCalls() ?? []).flatMap((call, index) => {
        const half = Math.ceil(call.function.arguments.length / 2);
        return [
          chunk({
            tool_calls: [{ index, ...call, function: { name: call.function.name, arguments: '' } }],
          }),
          chunk({
            tool_calls: [
              { index, function: { arguments: call.function.arguments.slice(0, half) } },
            ],
          }),
          chunk({
            tool_calls: [{ index, function: { arguments: call.function.arguments.slice(half) } }],
          }),
        ];
      }),
      chunk({}, this.#finishReason),
      ...(withUsage
        ? [event({ ...this.#head('chat.completion.chunk'), choices: [], usage: this.#usage() })]
        : []),
      { do: 'write', data: 'data: [DONE]\n\n' },
      { do: 'end' },
    ];
  }
}
