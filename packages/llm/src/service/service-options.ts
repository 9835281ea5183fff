import { ValidationError, type ValidationIssue } from '@kortana/errors';
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

/** @throws ValidationError that names every bad argument */
export function checkGeneration(
  prompt: string | readonly ChatMessage[],
  options: GenerateOptions,
  model: ChatModel,
): Generation {
  const { maxTokens = 1500, timeoutMs = 30_000, system, signal } = options;
  const isThinking = thinking.test(options.model ?? model.id);
  const temperature = options.temperature ?? (isThinking ? undefined : 0.7);
  const issues = [
    ...promptIssues(prompt),
    ...issue(
      'model',
      options.model === undefined || isText(options.model),
      'must be a text that is not empty',
    ),
    ...issue(
      'temperature',
      temperature === undefined || within(temperature, 0, 2),
      'must be a number from 0 to 2',
    ),
    ...issue(
      'maxTokens',
      Number.isInteger(maxTokens) && maxTokens >= 1,
      'must be an integer from 1 up',
    ),
    ...issue(
      'timeoutMs',
      typeof timeoutMs === 'number' && timeoutMs > 0,
      'must be a number above 0',
    ),
    ...issue('system', system === undefined || typeof system === 'string', 'must be a text'),
    ...issue(
      'signal',
      signal === undefined || signal instanceof AbortSignal,
      'must be an AbortSignal',
    ),
  ];
  if (issues.length > 0) throw invalid(issues);
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

const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';

const within = (value: unknown, min: number, max: number): boolean =>
  typeof value === 'number' && value >= min && value <= max;

const issue = (path: string, holds: boolean, rule: string): ValidationIssue[] =>
  holds ? [] : [{ path, message: `${path} ${rule}` }];

const roles = new Set(['system', 'user', 'assistant', 'tool']);

function promptIssues(prompt: unknown): ValidationIssue[] {
  if (typeof prompt === 'string') return issue('prompt', isText(prompt), 'must not be empty');
  if (!Array.isArray(prompt) || prompt.length === 0) {
    return issue('prompt', false, 'must be a text or a list of messages');
  }
  return prompt.flatMap((message: Partial<ChatMessage> | null, index) =>
    issue(
      `prompt.${index}`,
      roles.has(message?.role ?? '') &&
        (typeof message?.content === 'string' || Array.isArray(message?.content)),
      'must be a message with a role and a content',
    ),
  );
}

function invalid(issues: ValidationIssue[]): ValidationError {
  const field = issues.length === 1 ? issues[0]!.path.split('.')[0] : undefined;
  return new ValidationError(issues.map(({ message }) => message).join('; '), { field, issues });
}
