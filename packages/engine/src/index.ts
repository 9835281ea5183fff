export { ChatEngine } from './chat-engine.ts';
export type {
  ChatEngineOptions,
  EngineRetryOptions,
  EngineTimeouts,
} from './chat-engine-options.ts';
export type { AskOptions, RequestOptions } from './turn/ask-options.ts';
export type { CacheMode } from './pipeline/call.ts';

export type { EngineChunk, EngineEvent, EngineReply, EngineResult } from './answer/engine-reply.ts';
export type { AnswerSource, Attempt, Cause, MemoryUsed, Receipt } from './answer/receipt.ts';
export type { AnswerCacheOptions } from './answer/answer-cache.ts';
export type { Clock } from '@kortana/perf';

export type { ModelChoice, Timeouts } from './models/model-choice.ts';
export { modelFromEnvironment } from './models/model-from-environment.ts';
export type { Persona, PersonaName } from './persona/persona.ts';
export { personas } from './persona/personas.ts';
export { tool, type Tool, type ToolOptions } from './tools/tool.ts';

export type { EngineNotice } from './observe/notice.ts';
export type { EngineStatus, ModelStatus } from './observe/engine-status.ts';
