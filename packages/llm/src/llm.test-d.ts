import type { KortanaError } from '@kortana/errors';
import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import {
  type ChatChunk,
  type ChatMessage,
  type ChatModel,
  generateObject,
  LLMService,
  offlineModel,
  openaiModel,
} from './index.ts';

test('options may be undefined', () => {
  const fields = { model: undefined, apiKey: undefined, headers: undefined, telemetry: undefined };
  expectTypeOf(openaiModel).toBeCallableWith(fields);
  expectTypeOf(offlineModel).toBeCallableWith({ tokensPerSecond: undefined, seed: undefined });
  expectTypeOf(LLMService).toBeConstructibleWith({ provider: undefined, model: undefined });
  // @ts-expect-error no such provider
  expectTypeOf(LLMService).toBeConstructibleWith({ provider: 'acme' });
});

test('so may the fields of a request', () => {
  const fields = {
    model: undefined,
    temperature: undefined,
    maxTokens: undefined,
    seed: undefined,
  };
  const rest = { tools: undefined, toolChoice: undefined, responseFormat: undefined };
  expectTypeOf(offlineModel().complete).toBeCallableWith({
    messages: [],
    ...fields,
    ...rest,
    stop: undefined,
    extra: undefined,
  });
});

test('what a model wished to call goes back to it as it came', async () => {
  const { content, toolCalls } = await offlineModel().complete({ messages: [] });
  const said: ChatMessage = { role: 'assistant', content, toolCalls };
  expectTypeOf(offlineModel().complete).toBeCallableWith({ messages: [said] });
});

test('a result is an answer or an error', async () => {
  const result = await new LLMService().generateResponse('hi');
  if (result.error) {
    expectTypeOf(result.error).toEqualTypeOf<KortanaError>();
    expectTypeOf(result.content).toEqualTypeOf<undefined>();
  } else {
    expectTypeOf(result.content).toEqualTypeOf<string>();
  }
  if ('error' in result) expectTypeOf(result.metadata.processingTimeMs).toEqualTypeOf<number>();
});

test('a model is a plain object', () => {
  const model: ChatModel = {
    id: 'mine',
    provider: 'mine',
    scope: 'scope',
    complete: (_request) => Promise.reject(new Error('none')),
    async *stream(_request) {
      yield { type: 'text', text: 'a' };
    },
  };
  expectTypeOf(new LLMService({ provider: model }).streamResponse('hi')).toEqualTypeOf<
    AsyncIterable<ChatChunk>
  >();
});

test('messages may be read-only', () => {
  const messages = [{ role: 'user', content: 'hi' }] as const satisfies readonly ChatMessage[];
  expectTypeOf(new LLMService().generateResponse).toBeCallableWith(messages);
});

test('an object has the type of its schema', async () => {
  const request = { messages: [{ role: 'user', content: 'hi' } as const] };
  const schema = z.object({ at: z.string().transform((text) => new Date(text)) });
  const { value } = await generateObject(offlineModel(), { ...request, schema });
  expectTypeOf(value).toEqualTypeOf<{ at: Date }>();
  // @ts-expect-error a schema is needed
  void generateObject(offlineModel(), request);
});
