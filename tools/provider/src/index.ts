export type { Answer } from './answer.ts';
export type { Call, Counts } from './call.ts';
export type { ChatRequestBody } from './chat-request.ts';
export type { CallInfo, Script } from './fault-plan.ts';
export { faults } from './faults/index.ts';
export type { Fault } from './faults/fault.ts';
export type { ProviderOptions } from './provider-options.ts';
export { type Provider, startProvider } from './start-provider.ts';
