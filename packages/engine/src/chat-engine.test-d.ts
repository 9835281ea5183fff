import type { ChatModel } from '@kortana/llm';
import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import {
  ChatEngine,
  type ChatEngineOptions,
  type EngineEvent,
  type EngineReply,
  type Receipt,
  tool,
} from './index.ts';

declare const model: ChatModel;

test('types say what is promised', () => {
  const engine = new ChatEngine({ model: [model, { model, prefill: true }] });
  expectTypeOf(engine.getResponse('hi')).resolves.toEqualTypeOf<EngineReply>();
  expectTypeOf(engine.streamResponse('hi')).toExtend<AsyncIterable<EngineEvent>>();
  expectTypeOf<EngineReply['metadata']>().toEqualTypeOf<Receipt>();
  expectTypeOf<Receipt['source']>().toEqualTypeOf<
    'live' | 'cache' | 'coalesced' | 'stale' | 'fallback'
  >();
  const request = { messages: [{ role: 'user' as const, content: 'hi' }] };
  expectTypeOf(engine.complete(request)).resolves.toExtend<{
    content: string;
    metadata: Receipt;
  }>();
  expectTypeOf(engine.on('event', () => {})).toEqualTypeOf<() => void>();

  // An option that may be undefined says so.
  const undefinedOptions = { model: undefined, cache: undefined, hedgeAfterMs: undefined };
  expectTypeOf(undefinedOptions).toExtend<ChatEngineOptions>();
  // @ts-expect-error no such way to use the cache
  void engine.getResponse('hi', { cache: 'always' });
  // @ts-expect-error the pipeline alone has no session
  void engine.complete(request, { sessionId: 's' });
});

test("a tool's arguments have the type of its schema", () => {
  tool({
    name: 'add',
    description: '',
    parameters: z.object({ a: z.number(), b: z.string().transform(Number) }),
    run: (args) => expectTypeOf(args).toEqualTypeOf<{ a: number; b: number }>(),
  });
});
