import { ModelError } from '@kortana/errors';
import type { ChatChunk, ChatResult, TokenUsage, ToolCall } from '@kortana/llm';
import { beyond, diverged, type Output } from './output.ts';

export interface DraftOptions {
  /** Whether it goes on where the output stands; else it begins anew and must say the same again. */
  continues?: boolean | undefined;
  /** Asked before anything is sent; throws if another attempt was faster. */
  claim?: (() => void) | undefined;
}

/**
 * What one attempt writes. Empty pieces are held back; what the reader has already got from an
 * earlier attempt is compared and not sent again.
 */
export class Draft {
  readonly #output: Output;
  readonly #claim: (() => void) | undefined;
  readonly #mayThink: boolean;
  readonly #tools: ToolCall[] = [];
  #text: string;
  #reasoning = '';
  #usage: TokenUsage | undefined;
  #finish: Extract<ChatChunk, { type: 'finish' }> | undefined;

  constructor(output: Output, options: DraftOptions = {}) {
    this.#output = output;
    this.#claim = options.claim;
    this.#text = options.continues === true ? output.text : '';
    // The reader has another attempt's thoughts; a second train of thought would only confuse him.
    this.#mayThink = output.pieces === 0 && !output.thought;
  }

  get isFinished(): boolean {
    return this.#finish !== undefined;
  }

  /** After the finish only what it cost is of interest. */
  write(chunk: ChatChunk): void | Promise<void> {
    if (this.isFinished && chunk.type !== 'usage') return;
    switch (chunk.type) {
      case 'text':
        return this.#writeText(chunk.text);
      case 'reasoning':
        if (!chunk.text) return;
        this.#reasoning += chunk.text;
        return this.#mayThink ? this.#send(chunk) : undefined;
      case 'toolCall':
        return this.#writeToolCall(chunk);
      case 'usage':
        this.#usage = chunk.usage;
        return;
      case 'finish':
        this.#finish = chunk;
    }
  }

  /**
   * The whole answer.
   *
   * @throws ModelError `STREAM_CUT` if it has no finish; KortanaError `STREAM_DIVERGED` if it is
   * shorter than what the reader has got
   */
  result(modelName: string): ChatResult {
    const finish = this.#finish;
    if (finish === undefined) throw cut(modelName);
    const { text, tools } = this.#output;
    const isShorter = (call: ToolCall, index: number): boolean =>
      call.arguments.length > (this.#tools[index]?.arguments.length ?? -1);
    if (text.length > this.#text.length || tools.some(isShorter)) throw diverged();
    return {
      content: this.#text,
      ...(this.#reasoning !== '' && { reasoning: this.#reasoning }),
      // With the ids that the reader knows.
      ...(tools.length > 0 && { toolCalls: structuredClone([...tools]) }),
      finishReason: finish.finishReason,
      model: finish.model ?? modelName,
      ...(this.#usage && { usage: this.#usage }),
      id: finish.id,
    };
  }

  #writeText(text: string): void | Promise<void> {
    if (!text) return;
    const fresh = beyond(this.#output.text, this.#text.length, text);
    this.#text += text;
    return fresh === '' ? undefined : this.#send({ type: 'text', text: fresh });
  }

  #writeToolCall(chunk: Extract<ChatChunk, { type: 'toolCall' }>): void | Promise<void> {
    const { index, id, name = '', argumentsDelta = '' } = chunk;
    const mine = (this.#tools[index] ??= { id: '', name: '', arguments: '' });
    const sent = this.#output.tools[index];
    const freshName = beyond(sent?.name ?? '', mine.name.length, name);
    const fresh = beyond(sent?.arguments ?? '', mine.arguments.length, argumentsDelta);
    mine.name += name;
    mine.arguments += argumentsDelta;
    // A second attempt's id is another one; the reader keeps the first.
    const freshId = sent?.id ? undefined : id;
    if (freshId === undefined && freshName === '' && fresh === '') return;
    return this.#send({
      type: 'toolCall',
      index,
      ...(freshId !== undefined && { id: freshId }),
      ...(freshName !== '' && { name: freshName }),
      ...(fresh !== '' && { argumentsDelta: fresh }),
    });
  }

  #send(chunk: Parameters<Output['send']>[0]): void | Promise<void> {
    this.#claim?.();
    return this.#output.send(chunk);
  }
}

export function cut(modelName: string): ModelError {
  return new ModelError('The stream ended before the answer did', {
    modelName,
    code: 'STREAM_CUT',
  });
}
