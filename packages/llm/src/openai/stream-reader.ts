import type OpenAI from 'openai';
import type { ChatChunk, TokenUsage } from '../chat-model.ts';
import { finishReasonOf, reasoningOf, usageOf } from './read-completion.ts';

type Delta = OpenAI.ChatCompletionChunk.Choice.Delta;

/** Turns the events of one stream into chunks, and knows whether the answer is whole. */
export class StreamReader {
  #id = '';
  #model: string;
  #usage: TokenUsage | undefined;
  #finishReason: string | undefined;
  #refused = false;
  #calledTools = false;
  #choiceSeen = false;

  constructor(model: string) {
    this.#model = model;
  }

  /** The finish marker has come: whatever breaks from here on, the answer is whole. */
  get finished(): boolean {
    return this.#finishReason !== undefined;
  }

  get choiceSeen(): boolean {
    return this.#choiceSeen;
  }

  /** The output of an event; lifecycle, empty and unknown ones have none. */
  read(event: OpenAI.ChatCompletionChunk): ChatChunk[] {
    if (event.id) this.#id = event.id;
    if (event.model) this.#model = event.model;
    this.#usage = usageOf(event.usage) ?? this.#usage;
    const choice = event.choices?.[0];
    if (!choice) return [];
    this.#choiceSeen = true;
    if (choice.finish_reason) this.#finishReason = choice.finish_reason;
    return choice.delta ? this.#output(choice.delta) : [];
  }

  /** The last chunks of a whole answer. `[DONE]` alone, without a reason, is a finish marker, too. */
  end(): ChatChunk[] {
    const reason = this.#refused ? 'contentFilter' : this.#finishReason;
    const finishReason = finishReasonOf(reason ?? (this.#calledTools ? 'toolCalls' : 'stop'));
    return [
      ...(this.#usage ? [{ type: 'usage', usage: this.#usage } as const] : []),
      { type: 'finish', finishReason, model: this.#model, id: this.#id },
    ];
  }

  #output(delta: Delta): ChatChunk[] {
    const chunks: ChatChunk[] = [];
    const reasoning = reasoningOf(delta);
    if (reasoning !== undefined) chunks.push({ type: 'reasoning', text: reasoning });
    if (delta.refusal) this.#refused = true;
    const text = delta.content || delta.refusal;
    if (text) chunks.push({ type: 'text', text });
    for (const call of delta.tool_calls ?? []) {
      this.#calledTools = true;
      const { name, arguments: argumentsDelta } = call.function ?? {};
      chunks.push({
        type: 'toolCall',
        index: call.index,
        ...(call.id ? { id: call.id } : {}),
        ...(name ? { name } : {}),
        ...(argumentsDelta ? { argumentsDelta } : {}),
      });
    }
    return chunks;
  }
}
