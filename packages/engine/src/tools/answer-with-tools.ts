import { KortanaError } from '@kortana/errors';
import type { ChatMessage, ChatRequest, TokenUsage } from '@kortana/llm';
import type { Emit } from '../answer/output.ts';
import type { Cause } from '../answer/receipt.ts';
import type { Answer } from '../pipeline/call.ts';
import { runToolCalls } from './run-tool-calls.ts';
import type { Tool } from './tool.ts';

export interface ToolLoopParts {
  tools: readonly Tool[];
  maxRounds: number;
  signal: AbortSignal | undefined;
  onTool: (name: string, error?: unknown) => void;
  /** What is left of the time for the whole answer, in milliseconds. */
  restMs: () => number;
  /** Asks the model, with the same guards each time. */
  ask: (request: ChatRequest, emit: Emit | undefined) => Promise<Answer>;
}

/** The last answer, with the text of all rounds and what they cost together; and all that was said. */
export interface ToolAnswer {
  answer: Answer;
  said: ChatMessage[];
}

/** What stands between the texts of two rounds. */
const pause = '\n\n';

/** Lets the model ask for tools until it has an answer. */
export async function answerWithTools(
  request: ChatRequest,
  emit: Emit | undefined,
  { tools, maxRounds, signal, onTool, restMs, ask }: ToolLoopParts,
): Promise<ToolAnswer> {
  if (tools.length === 0) {
    const answer = await ask(request, emit);
    return { answer, said: [saidBy(answer)] };
  }
  const definitions = tools.map(({ definition }) => definition);
  const said: ChatMessage[] = [];
  let content = '';
  let usage: TokenUsage | undefined;
  let asked: Answer | undefined;
  let missing: Cause | undefined;
  for (let round = 0; round <= maxRounds; round++) {
    const messages = [...request.messages, ...said];
    const own = content === '' ? emit : afterPause(emit);
    const answer = await ask({ ...request, messages, tools: definitions }, own);
    const { result } = answer;
    missing ??= answer.missing;
    said.push(saidBy(answer));
    if (result.content !== '') content += (content && pause) + result.content;
    if (answer.source === 'live' || answer.source === 'fallback') {
      asked = answer;
      usage = sum(usage, result.usage);
    }
    const { toolCalls = [] } = result;
    if (toolCalls.length === 0) {
      const last = missing === undefined ? answer : { ...answer, missing };
      return { answer: inAll(last, asked, content, usage), said };
    }
    const limits = { signal, restMs: Math.max(1, restMs()) };
    said.push(...(await runToolCalls(toolCalls, tools, limits, onTool)));
  }
  throw new KortanaError(`The model asked for tools more than ${maxRounds} times in one answer`, {
    code: 'TOO_MANY_TOOL_ROUNDS',
  });
}

/** The last answer with all that was said; live, and at the price of it, if any round was. */
function inAll(
  answer: Answer,
  asked: Answer | undefined,
  content: string,
  usage: TokenUsage | undefined,
): Answer {
  const result = { ...answer.result, content, ...(usage !== undefined && { usage }) };
  return asked === undefined ? { ...answer, result } : { ...answer, ...pick(asked), result };
}

const pick = ({ source, lane }: Answer): Pick<Answer, 'source' | 'lane'> => ({
  source,
  ...(lane !== undefined && { lane }),
});

function afterPause(emit: Emit | undefined): Emit | undefined {
  let isFirst = true;
  return (
    emit &&
    (async (chunk) => {
      if (chunk.type === 'text' && isFirst) {
        isFirst = false;
        await emit({ type: 'text', text: pause });
      }
      await emit(chunk);
    })
  );
}

function saidBy({ result: { content, toolCalls } }: Answer): ChatMessage {
  return { role: 'assistant', content, ...(toolCalls?.length && { toolCalls }) };
}

function sum(a: TokenUsage | undefined, b: TokenUsage | undefined): TokenUsage | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const cached = (a.cachedInputTokens ?? 0) + (b.cachedInputTokens ?? 0);
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    totalTokens: a.totalTokens + b.totalTokens,
    ...(cached > 0 && { cachedInputTokens: cached }),
  };
}
