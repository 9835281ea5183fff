import type {
  ChatChunk,
  ChatModel,
  ChatRequest,
  ChatResult,
  TokenUsage,
  ToolCall,
} from '@kortana/llm';

/** One call of a scripted model. A text is a whole answer, an error is thrown at once. */
export type Step =
  | string
  | Error
  | {
      /** What it says, piece by piece. */
      says?: string[];
      thinks?: string[];
      calls?: ToolCall[];
      /** What comes then; default: the end. `'cut'`: the stream stops. `'hang'`: nothing, ever. */
      then?: 'end' | 'cut' | 'hang' | Error;
      finishReason?: string;
    }
  | ((request: ChatRequest) => Step);

export interface ScriptedModel extends ChatModel {
  /** The requests it got, in order. */
  readonly asked: ChatRequest[];
  /** How many calls are running. */
  readonly running: number;
  /** How many calls were told to stop before they ended. */
  readonly stopped: number;
}

export interface ScriptOptions {
  id?: string;
  provider?: string;
  scope?: string;
  usage?: TokenUsage;
  /** Waited for before anything is said. */
  before?: () => Promise<void>;
}

/** A model that does, call by call, what the script says; the last step is repeated. */
export function scriptedModel(steps: Step | Step[], options: ScriptOptions = {}): ScriptedModel {
  const script = Array.isArray(steps) ? steps : [steps];
  const { id = 'scripted', provider = 'test', scope = id, before } = options;
  const usage = options.usage ?? { inputTokens: 2, outputTokens: 3, totalTokens: 5 };
  const asked: ChatRequest[] = [];
  let running = 0;
  let stopped = 0;

  async function* stream(request: ChatRequest, signal?: AbortSignal): AsyncGenerator<ChatChunk> {
    let step = script[Math.min(asked.length, script.length - 1)]!;
    asked.push(structuredClone(request));
    while (typeof step === 'function') step = step(request);
    running++;
    let ended = false;
    try {
      await before?.();
      if (step instanceof Error) throw step;
      const {
        says = [],
        thinks = [],
        calls = [],
        then = 'end',
        finishReason,
      } = typeof step === 'string' ? { says: step.split(/(?<= )/) } : step;
      for (const text of thinks) yield { type: 'reasoning', text };
      for (const text of says) {
        // A real stream's pieces come in turns of their own.
        await Promise.resolve();
        yield { type: 'text', text };
      }
      for (const [index, { id, name, arguments: args }] of calls.entries()) {
        yield { type: 'toolCall', index, id, name };
        yield { type: 'toolCall', index, argumentsDelta: args };
      }
      if (then === 'hang') await until(signal);
      if (then === 'cut') return;
      if (then instanceof Error) throw then;
      yield { type: 'usage', usage };
      const reason = finishReason ?? (calls.length > 0 ? 'toolCalls' : 'stop');
      yield { type: 'finish', finishReason: reason, model: id, id: `answer-${asked.length}` };
      ended = true;
    } finally {
      running--;
      if (!ended && signal?.aborted === true) stopped++;
    }
  }

  return {
    id,
    provider,
    scope,
    asked,
    get running() {
      return running;
    },
    get stopped() {
      return stopped;
    },
    async complete(request, { signal } = {}): Promise<ChatResult> {
      let content = '';
      const toolCalls: ToolCall[] = [];
      for await (const chunk of stream(request, signal)) {
        if (chunk.type === 'text') content += chunk.text;
        if (chunk.type === 'toolCall') {
          const call = (toolCalls[chunk.index] ??= { id: '', name: '', arguments: '' });
          call.id += chunk.id ?? '';
          call.name += chunk.name ?? '';
          call.arguments += chunk.argumentsDelta ?? '';
        }
        if (chunk.type !== 'finish') continue;
        const { finishReason, model, id } = chunk;
        const tools = toolCalls.length > 0 ? { toolCalls } : {};
        return { content, ...tools, finishReason, model, usage, id };
      }
      throw new Error('The script ended without an answer');
    },
    stream: (request, { signal } = {}) => stream(request, signal),
  };
}

/** Until the signal is aborted; for good without one. */
function until(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
