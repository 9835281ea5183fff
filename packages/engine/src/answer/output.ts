import { KortanaError } from '@kortana/errors';
import type { ChatChunk, ToolCall } from '@kortana/llm';

/** What a reader sees of an answer while it is being written. */
export type OutputChunk = Extract<ChatChunk, { type: 'text' | 'reasoning' | 'toolCall' }>;

/** Gives a piece to the reader; a promise means: wait, he is slow. */
export type Emit = (chunk: OutputChunk) => void | Promise<void>;

/**
 * What the reader of one request has got so far. It outlives the attempts: whatever a later one
 * writes has to fit what was sent by an earlier one.
 */
export class Output {
  readonly #emit: Emit | undefined;
  readonly #onFirst: (() => void) | undefined;
  readonly #tools: ToolCall[] = [];
  #text = '';
  #pieces = 0;
  #thought = false;

  constructor(emit?: Emit, onFirst?: () => void) {
    this.#emit = emit;
    this.#onFirst = onFirst;
  }

  /** The text that was sent. */
  get text(): string {
    return this.#text;
  }

  /** The tool calls that were sent, by index, as far as they came. */
  get tools(): readonly ToolCall[] {
    return this.#tools;
  }

  /** How many pieces of the answer itself were sent. Thoughts don't count: they bind nobody. */
  get pieces(): number {
    return this.#pieces;
  }

  /** True once any thought was sent: a second attempt's thoughts would be glued to them. */
  get thought(): boolean {
    return this.#thought;
  }

  send(chunk: OutputChunk): void | Promise<void> {
    if (this.#pieces === 0 && !this.#thought) this.#onFirst?.();
    if (chunk.type === 'reasoning') this.#thought = true;
    else this.#pieces++;
    if (chunk.type === 'text') this.#text += chunk.text;
    if (chunk.type === 'toolCall') {
      const call = (this.#tools[chunk.index] ??= { id: '', name: '', arguments: '' });
      call.id += chunk.id ?? '';
      call.name += chunk.name ?? '';
      call.arguments += chunk.argumentsDelta ?? '';
    }
    return this.#emit?.(chunk);
  }
}

/**
 * What of `added` goes beyond what was `sent`, if it stands at `at`.
 *
 * @throws KortanaError `STREAM_DIVERGED` if it says anything else than what was sent
 */
export function beyond(sent: string, at: number, added: string): string {
  // Not sliced in the usual case: that would flatten the growing text at each chunk.
  if (at >= sent.length) return added;
  const again = sent.slice(at, at + added.length);
  if (!added.startsWith(again)) throw diverged();
  return added.slice(again.length);
}

export function diverged(): KortanaError {
  return new KortanaError(
    'The answer broke off, and a second attempt said something else: the two are not glued together',
    { code: 'STREAM_DIVERGED', severity: 'high', recoverable: true },
  );
}
