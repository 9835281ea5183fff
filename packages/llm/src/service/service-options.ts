import { checkSignal } from '@kortana/errors';
import { inRange, notEmpty, Validator, withValidation } from '@kortana/validation';
import { z } from 'zod';
import type { ChatMessage, ChatModel, ChatRequest } from '../chat-model.ts';

export interface GenerateOptions {
  /** Overrides the service's model for this call. */
  model?: string | undefined;
  /** 0 to 2; default 0.7. */
  temperature?: number | undefined;
  /** An integer from 1 up; default 1500. */
  maxTokens?: number | undefined;
  /** For the whole call, above 0; default 30 000. */
  timeoutMs?: number | undefined;
  /** Put before the messages as their system message. */
  system?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** Checked and filled in. */
export interface Generation {
  request: ChatRequest;
  timeoutMs: number;
  signal: AbortSignal | undefined;
}

/** These refuse any temperature but their own: the default is not sent to them. */
const thinking = /^(?:o\d|gpt-5)/;

const roles = new Set(['system', 'user', 'assistant', 'tool']);

const isMessage = (value: unknown): boolean => {
  const { role, content } = (value ?? {}) as Partial<ChatMessage>;
  return roles.has(role ?? '') && (typeof content === 'string' || Array.isArray(content));
};

const isPrompt = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.length > 0 && value.every(isMessage)
    : typeof value === 'string' && value.trim() !== '';

/** By shape: signals of other realms and of polyfills do as well. */
function isSignal(value: unknown): boolean {
  try {
    return checkSignal('signal', value) !== undefined;
  } catch {
    return false;
  }
}

const checkFields = withValidation({
  prompt: new Validator().addRule(
    isPrompt,
    'must be a text that is not empty, or a list of messages',
  ),
  model: new Validator().addRule(z.string()).addRule(notEmpty()).optional(),
  temperature: new Validator().addRule(inRange(0, 2)).optional(),
  maxTokens: new Validator().addRule(z.int().min(1), 'must be an integer from 1 up').optional(),
  timeoutMs: new Validator()
    .addRule((value) => typeof value === 'number' && value > 0, 'must be a number above 0')
    .optional(),
  system: new Validator().addRule(z.string(), 'must be a text').optional(),
  signal: new Validator().addRule(isSignal, 'must be an AbortSignal').optional(),
  options: new Validator().addRule(
    (value) => typeof value === 'object' && value !== null,
    'must be an object',
  ),
})((fields: object) => fields);

/** @throws ValidationError that names every bad argument */
export function checkGeneration(
  prompt: string | readonly ChatMessage[],
  options: GenerateOptions,
  model: ChatModel,
): Generation {
  checkFields({ ...options, prompt, options });
  const { maxTokens = 1500, timeoutMs = 30_000, system, signal } = options;
  const isThinking = thinking.test(options.model ?? model.id);
  const temperature = options.temperature ?? (isThinking ? undefined : 0.7);
  const messages =
    typeof prompt === 'string' ? [{ role: 'user', content: prompt } as const] : prompt;
  return {
    request: {
      messages: [...(system ? [{ role: 'system', content: system } as const] : []), ...messages],
      ...(options.model === undefined ? {} : { model: options.model }),
      ...(temperature === undefined ? {} : { temperature }),
      maxTokens,
    },
    timeoutMs,
    signal,
  };
}
