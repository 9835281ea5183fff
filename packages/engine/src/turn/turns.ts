import type { ChatMessage, ChatRequest } from '@kortana/llm';
import type { Emit } from '../answer/output.ts';
import { isExcuse } from '../answer/kept-answer.ts';
import type { Journal } from '../observe/journal.ts';
import type { Observer } from '../observe/observer.ts';
import type { Clock } from '@kortana/perf';
import type { Persona } from '../persona/persona.ts';
import type { Answer } from '../pipeline/call.ts';
import { restOf } from '../pipeline/total-time.ts';
import { answerWithTools } from '../tools/answer-with-tools.ts';
import type { Tool } from '../tools/tool.ts';
import type { AskOptions } from './ask-options.ts';
import { cleanMessage } from './clean-message.ts';
import type { Conversation } from './conversation.ts';

export interface TurnParts {
  persona: Persona | undefined;
  tools: readonly Tool[];
  maxToolRounds: number;
  maxMessageLength: number;
  conversation: Conversation | undefined;
  observer: Observer;
  totalMs: number;
  clock: Clock;
}

export interface Turn {
  message: string;
  options: AskOptions;
  journal: Journal;
  signal: AbortSignal | undefined;
  emit: Emit | undefined;
  /** Asks the model, with the same guards each time. */
  ask: (request: ChatRequest, emit: Emit | undefined) => Promise<Answer>;
}

/** Makes a request of a message and all that belongs to it, and a memory of the answer. */
export class Turns {
  readonly #parts: TurnParts;

  constructor(parts: TurnParts) {
    this.#parts = parts;
  }

  async take({ message, options, journal, signal, emit, ask }: Turn): Promise<Answer> {
    const { persona, tools, maxToolRounds: maxRounds, maxMessageLength } = this.#parts;
    const { observer, totalMs, clock } = this.#parts;
    const { sessionId, userId, model, maxTokens, temperature = persona?.temperature } = options;
    const text = cleanMessage(message, maxMessageLength);
    const question: ChatMessage = { role: 'user', content: text };
    const session = sessionId === undefined ? undefined : { sessionId, userId };
    const conversation = session && this.#parts.conversation;
    const request: ChatRequest = {
      messages: [
        ...(persona === undefined ? [] : [{ role: 'system' as const, content: persona.system }]),
        ...(conversation ? await conversation.recall(session, text, journal) : []),
        question,
      ],
      ...(model !== undefined && { model }),
      ...(temperature !== undefined && { temperature }),
      ...(maxTokens !== undefined && { maxTokens }),
    };
    const restMs = (): number => restOf(journal, totalMs, clock);
    const loop = { tools, maxRounds, signal, onTool: observer.onTool, restMs, ask };
    const { answer, said } = await answerWithTools(request, emit, loop);
    if (mayRemember(answer)) conversation?.record(session!, [question, ...said], journal);
    return answer;
  }
}

/** Neither what a filter left over, nor what a stand-in says in place of an answer. */
function mayRemember({ result, source, provider }: Answer): boolean {
  return result.finishReason !== 'contentFilter' && !isExcuse(source, provider);
}
