import { checkObject, KortanaError } from '@kortana/errors';
import type OpenAI from 'openai';
import type { ChatChunk, TokenUsage } from '../chat-model.ts';
import { brokenReply } from '../failure/broken-reply.ts';
import { type Asked, providerError } from '../failure/provider-error.ts';
import type { ServerEvent } from '../wire/event-parser.ts';
import {
  argumentsOf,
  contentOf,
  finishReasonOf,
  reasoningOf,
  toldFailure,
  usageOf,
} from './read-completion.ts';

type Event = OpenAI.ChatCompletionChunk & { error?: unknown };
type Delta = OpenAI.ChatCompletionChunk.Choice.Delta;

/** Turns the events of one stream into chunks, and knows whether the answer is whole. */
export class StreamAnswer {
  readonly #asked: Asked;
  #id = '';
  #model: string;
  #usage: TokenUsage | undefined;
  #finishReason: string | undefined;
  #refused = false;
  readonly #toolIds: string[] = [];
  #choiceSeen = false;
  #done = false;

  constructor(asked: Asked) {
    this.#asked = asked;
    this.#model = asked.model;
  }

  /** A finish reason has come: whatever breaks from here on, the answer is whole. */
  get finished(): boolean {
    return this.#finishReason !== undefined;
  }

  /** `[DONE]` has come: nothing more will. */
  get done(): boolean {
    return this.#done;
  }

  /**
   * The output of an event; lifecycle, empty and unknown ones have none.
   *
   * @throws the error that the event tells, or that it is none (`STREAM_MALFORMED`)
   */
  read({ name, data, last }: ServerEvent): ChatChunk[] {
    if (data.startsWith('[DONE]')) this.#done = true;
    if (this.#done) return [];
    try {
      return this.#take(JSON.parse(data) as Event, name);
    } catch (error) {
      // Cut, not malformed: whether the answer is whole is known without it.
      if (last && error instanceof SyntaxError) return [];
      // The words of any other error would quote the data.
      throw KortanaError.isInstance(error) ? error : brokenReply(this.#asked, 'STREAM_MALFORMED');
    }
  }

  /** @throws TypeError for what is no event */
  #take(event: Event, name: string): ChatChunk[] {
    checkObject('event', event);
    if (name === 'error') throw providerError(this.#asked, { body: event });
    // Of several answers (`n`) the first is ours, wherever it stands.
    const choice = event.choices?.find(({ index }) => !index);
    const failure = toldFailure(event, choice, this.#asked);
    if (failure) throw failure;
    if (event.id) this.#id = event.id;
    if (event.model) this.#model = event.model;
    this.#usage = usageOf(event.usage) ?? this.#usage;
    if (!choice) return [];
    this.#choiceSeen = true;
    if (choice.finish_reason) this.#finishReason = choice.finish_reason;
    return choice.delta ? this.#output(choice.delta) : [];
  }

  /**
   * The last chunks of a whole answer. `[DONE]` alone, without a reason, is a finish marker, too.
   *
   * @throws STREAM_CUT without either, INVALID_RESPONSE where there was no answer at all
   */
  end(): ChatChunk[] {
    if (!this.finished && !this.#done) throw brokenReply(this.#asked, 'STREAM_CUT');
    if (!this.#choiceSeen) throw brokenReply(this.#asked, 'INVALID_RESPONSE');
    const reason = this.#refused ? 'contentFilter' : this.#finishReason;
    const finishReason = finishReasonOf(
      reason ?? (this.#toolIds.length > 0 ? 'toolCalls' : 'stop'),
    );
    return [
      ...(this.#usage ? [{ type: 'usage', usage: this.#usage } as const] : []),
      { type: 'finish', finishReason, model: this.#model, id: this.#id },
    ];
  }

  /** Gemini leaves the index out: then each new id is a call of its own. */
  #indexOf({ index, id }: OpenAI.ChatCompletionChunk.Choice.Delta.ToolCall): number {
    if (id && !this.#toolIds.includes(id)) this.#toolIds.push(id);
    return index ?? Math.max(0, id ? this.#toolIds.indexOf(id) : this.#toolIds.length - 1);
  }

  #output(delta: Delta): ChatChunk[] {
    const chunks: ChatChunk[] = [];
    const reasoning = reasoningOf(delta);
    if (reasoning !== undefined) chunks.push({ type: 'reasoning', text: reasoning });
    if (delta.refusal) this.#refused = true;
    const text = contentOf(delta.content) || delta.refusal;
    if (text) chunks.push({ type: 'text', text });
    for (const call of delta.tool_calls ?? []) {
      const { name, arguments: given } = call.function ?? {};
      const argumentsDelta = argumentsOf(given);
      chunks.push({
        type: 'toolCall',
        index: this.#indexOf(call),
        ...(call.id ? { id: call.id } : {}),
        ...(name ? { name } : {}),
        ...(argumentsDelta ? { argumentsDelta } : {}),
      });
    }
    return chunks;
  }
}
