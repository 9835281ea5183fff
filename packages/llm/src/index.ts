export type {
  ChatChunk,
  ChatMessage,
  ChatModel,
  ChatRequest,
  ChatResult,
  CompleteOptions,
  ContentPart,
  FinishReason,
  ResponseFormat,
  StreamOptions,
  TokenUsage,
  ToolCall,
  ToolChoice,
  ToolDefinition,
} from './chat-model.ts';
export { openaiModel } from './openai/openai-model.ts';
export type { OpenAIModelOptions } from './openai/openai-options.ts';
export { offlineModel, type OfflineModelOptions } from './offline/offline-model.ts';
