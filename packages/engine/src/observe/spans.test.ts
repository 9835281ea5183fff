import { ServiceError } from '@kortana/errors';
import { instrument } from '@kortana/llm';
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { failureOf, readAll } from '../../test/read-all.ts';
import { scriptedModel } from '../../test/scripted-model.ts';
import { ChatEngine } from '../chat-engine.ts';

let exporter: InMemorySpanExporter;
beforeEach(() => {
  exporter = new InMemorySpanExporter();
  const spanProcessors = [new SimpleSpanProcessor({ exporter })];
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterEach(() => {
  trace.disable();
  context.disable();
});

test('a request is a span, and each call of a model one within it', async () => {
  const down = new ServiceError('down', { httpStatus: 503 });
  const model = instrument(scriptedModel([down, 'sesame']));
  const engine = new ChatEngine({ model, retry: { initialDelayMs: 0 } });
  await readAll(engine.streamResponse('open sesame', { userId: 'secret' }));
  const spans = exporter.getFinishedSpans();
  const request = spans.find(({ name }) => name === 'kortana.stream_response')!;
  expect(request.attributes).toMatchObject({
    'kortana.source': 'live',
    'kortana.attempts': 2,
    'kortana.degraded': [],
    'gen_ai.response.model': 'scripted',
  });
  const calls = spans.filter((span) => span !== request);
  expect(calls).toHaveLength(2);
  for (const { parentSpanContext } of calls) {
    expect(parentSpanContext?.spanId).toBe(request.spanContext().spanId);
  }
  expect(JSON.stringify(spans.map(({ attributes }) => attributes))).not.toMatch(/sesame|secret/);
});

test('a failure is marked as one, with its code', async () => {
  const model = scriptedModel(new ServiceError('bad', { httpStatus: 400 }));
  await failureOf(new ChatEngine({ model }).getResponse('hi'));
  const [span] = exporter.getFinishedSpans();
  expect(span).toMatchObject({
    name: 'kortana.get_response',
    status: { code: SpanStatusCode.ERROR },
    attributes: { 'error.type': 'SERVICE_ERROR_400' },
  });
});

test('an abort is none', async () => {
  const controller = new AbortController();
  const engine = new ChatEngine({ model: scriptedModel({ then: 'hang' }) });
  const failure = failureOf(engine.getResponse('hi', { signal: controller.signal }));
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort();
  await failure;
  await new Promise((resolve) => setImmediate(resolve));
  expect(exporter.getFinishedSpans()).toMatchObject([{ status: { code: SpanStatusCode.UNSET } }]);
});
