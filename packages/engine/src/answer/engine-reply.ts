import type { ChatChunk, ChatResult } from '@kortana/llm';
import type { Receipt } from './receipt.ts';

export interface EngineReply {
  content: string;
  metadata: Receipt;
}

/** The model's result and the receipt, for callers of `complete`. */
export type EngineResult = ChatResult & EngineReply;

/** A piece of a streamed reply. `finish` comes last, exactly once, and only if the answer is whole. */
export type EngineEvent =
  | Extract<ChatChunk, { type: 'text' | 'reasoning' | 'toolCall' }>
  | { type: 'finish'; reply: EngineReply };

/** A piece of `stream(request)`: a ChatChunk; the last one carries the whole result and its receipt. */
export type EngineChunk =
  | Exclude<ChatChunk, { type: 'finish' }>
  | (Extract<ChatChunk, { type: 'finish' }> & { reply: EngineResult });
