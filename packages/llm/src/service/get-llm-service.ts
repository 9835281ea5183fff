import { checkMethods } from '@kortana/errors';
import { LLMService } from './llm-service.ts';

let shared: LLMService | undefined;

/** The process's one service, made at the first call; its model comes from the environment. */
export function getLLMService(): LLMService {
  return (shared ??= new LLMService());
}

/** Puts another in its place, for tests; `undefined` has a new one made. */
export function setLLMService(service: LLMService | undefined): void {
  if (service !== undefined)
    checkMethods('service', service, ['generateResponse', 'streamResponse']);
  shared = service;
}
