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
export { getLLMService, setLLMService } from './service/get-llm-service.ts';
export {
  LLMService,
  type GenerateResult,
  type LLMServiceOptions,
  type ResponseMetadata,
} from './service/llm-service.ts';
export type { GenerateOptions } from './service/service-options.ts';
export { instrument, type InstrumentOptions } from './telemetry/instrument.ts';
export type { TelemetryOptions, Vocabulary } from './telemetry/telemetry-options.ts';
export { costOf } from './cost/cost-of.ts';
export { defaultPrices, type Price, type PriceTable } from './cost/prices.ts';
export {
  generateObject,
  type ObjectOptions,
  type ObjectRequest,
  type ObjectResult,
} from './object/generate-object.ts';
export type { ObjectOf, ObjectSchema, SchemaIssue, SchemaOutcome } from './object/object-schema.ts';

// For authors of packages.
export { boundModel } from './call/bound-model.ts';
export { providerError } from './failure/provider-error.ts';
