import { ModelError } from '@kortana/errors';
import type { ChatResult } from '@kortana/llm';

/**
 * What a plain call gave. A model of the user's own may leave out what is known anyway; without a
 * word it is no answer.
 *
 * @throws ModelError `INVALID_RESPONSE`
 */
export function readResult(given: ChatResult, modelName: string): ChatResult {
  const told: Partial<ChatResult> = typeof given === 'object' ? { ...given } : {};
  const content = told.content ?? (told.toolCalls === undefined ? undefined : '');
  if (typeof content !== 'string') {
    const words = `${modelName} gave no answer: expected an object with \`content\``;
    throw new ModelError(words, { modelName, code: 'INVALID_RESPONSE' });
  }
  const { finishReason = 'stop', model = modelName, id = '' } = told;
  return { ...told, content, finishReason, model, id };
}
