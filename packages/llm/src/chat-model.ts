/** A piece of a user's message: text, or an image by URL (`https:` or `data:`). */
export type ContentPart =
  | { type: 'text'; text: string }
  | { type: 'image'; url: string; detail?: 'auto' | 'low' | 'high' | undefined };

/** A model's wish to have a function called; `arguments` is JSON text as the model wrote it. */
export interface ToolCall {
  id: string;
  name: string;
  arguments: string;
}

export type ChatMessage =
  | { role: 'system'; content: string }
  | { role: 'user'; content: string | ContentPart[] }
  | { role: 'assistant'; content: string; toolCalls?: ToolCall[] | undefined }
  | { role: 'tool'; content: string; toolCallId: string };

/** A function the model may ask for; `parameters` is a JSON Schema. */
export interface ToolDefinition {
  name: string;
  description?: string;
  parameters?: Record<string, unknown>;
  strict?: boolean;
}

export type ToolChoice = 'auto' | 'none' | 'required' | { name: string };

export type ResponseFormat =
  | { type: 'text' }
  | { type: 'json' }
  | { type: 'jsonSchema'; name: string; schema: Record<string, unknown>; strict?: boolean };

/** What a model is asked, in the words of no provider. */
export interface ChatRequest {
  messages: ChatMessage[];
  /** Overrides the model's own id for this call. */
  model?: string | undefined;
  temperature?: number | undefined;
  /** The most tokens the answer may have. */
  maxTokens?: number | undefined;
  tools?: ToolDefinition[] | undefined;
  toolChoice?: ToolChoice | undefined;
  responseFormat?: ResponseFormat | undefined;
  stop?: string[] | undefined;
  seed?: number | undefined;
  /** Passed to the provider as it is, in the provider's own spelling. */
  extra?: Record<string, unknown> | undefined;
}

export interface TokenUsage {
  inputTokens: number;
  outputTokens: number;
  totalTokens: number;
  cachedInputTokens?: number;
}

export type FinishReason = 'stop' | 'length' | 'toolCalls' | 'contentFilter' | (string & {});

export interface ChatResult {
  content: string;
  /** What a thinking model wrote before it answered, where the provider shows it. */
  reasoning?: string;
  toolCalls?: ToolCall[];
  finishReason: FinishReason;
  /** The model that answered, as the provider names it. */
  model: string;
  /** Absent where the provider told none: never guessed. */
  usage?: TokenUsage;
  id: string;
  /** The provider's own reply. */
  raw?: unknown;
}

export type ChatChunk =
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  | { type: 'toolCall'; index: number; id?: string; name?: string; argumentsDelta?: string }
  | { type: 'usage'; usage: TokenUsage }
  | { type: 'finish'; finishReason: FinishReason; model: string; id: string };

export interface CompleteOptions {
  signal?: AbortSignal | undefined;
  /** For the whole call. */
  timeoutMs?: number | undefined;
}

export interface StreamOptions extends CompleteOptions {
  /** Until the first text, reasoning or tool call; any byte restarts it, `timeoutMs` bounds it. */
  firstTokenTimeoutMs?: number | undefined;
  /** Between any two bytes. */
  idleTimeoutMs?: number | undefined;
}

/** The one port that every provider fulfils. */
export interface ChatModel {
  /** The model's name, as the provider spells it. */
  readonly id: string;
  /** `'openai'`, `'offline'`, … as the OpenTelemetry conventions name providers. */
  readonly provider: string;
  /** A hash of base URL and credentials: part of every cache and breaker key. */
  readonly scope: string;
  /**
   * True where the model keeps the limits of StreamOptions itself, by bytes. Of another one the
   * engine does, by chunks: it can't see a keep-alive that never becomes one.
   */
  readonly keepsLimits?: boolean;
  complete(request: ChatRequest, options?: CompleteOptions): Promise<ChatResult>;
  /** Ends with one `finish` chunk; whatever ends earlier throws. */
  stream(request: ChatRequest, options?: StreamOptions): AsyncIterable<ChatChunk>;
}
