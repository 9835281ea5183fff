import { configure, type LogRecord, reset } from '@logtape/logtape';
import { context, metrics, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { type Provider, startProvider } from '@kortana/provider';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ChatRequest } from '../chat-model.ts';
import { offlineModel } from '../offline/offline-model.ts';
import { openaiModel } from '../openai/openai-model.ts';
import type { OpenAIModelOptions } from '../openai/openai-options.ts';
import { read } from '../testing/read.ts';
import { instrument } from './instrument.ts';

let provider: Provider;
let spans: InMemorySpanExporter;
let exporter: InMemoryMetricExporter;
let reader: PeriodicExportingMetricReader;

beforeAll(async () => {
  provider = await startProvider();
});
afterAll(() => provider.close());

beforeEach(() => {
  spans = new InMemorySpanExporter();
  exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e8 });
  trace.setGlobalTracerProvider(
    new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] }),
  );
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});

afterEach(async () => {
  provider.reset();
  await reader.shutdown();
  trace.disable();
  metrics.disable();
  context.disable();
  vi.unstubAllEnvs();
});

const asking = (content: string, more: Partial<ChatRequest> = {}): ChatRequest => ({
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content },
  ],
  ...more,
});

const model = (telemetry: OpenAIModelOptions['telemetry'] = {}) =>
  openaiModel({ baseURL: provider.url, apiKey: 'key-of-the-user', telemetry });

const settle = (work: Promise<unknown>) => work.catch(() => undefined);

/** What was measured, by name: `[attributes, value]` of each point. */
async function measured(): Promise<
  Record<string, { unit: string; points: [Record<string, unknown>, unknown][] }>
> {
  await reader.forceFlush();
  const found = exporter.getMetrics().at(-1)?.scopeMetrics ?? [];
  return Object.fromEntries(
    found.flatMap(({ metrics: all }) =>
      all.map(({ descriptor, dataPoints }) => [
        descriptor.name,
        {
          unit: descriptor.unit,
          points: dataPoints.map(
            ({ attributes, value }) => [attributes, value] as [Record<string, unknown>, unknown],
          ),
        },
      ]),
    ),
  );
}

describe('spans', () => {
  test('are client spans with the conventional name and attributes', async () => {
    await model().complete(
      asking('What is 2+2?', {
        temperature: 0,
        maxTokens: 9,
        seed: 3,
        stop: ['x'],
        extra: { top_p: 0.5 },
      }),
    );
    const [span] = spans.getFinishedSpans();
    expect(span).toMatchObject({
      name: 'chat gpt-4o',
      kind: SpanKind.CLIENT,
      status: { code: SpanStatusCode.UNSET },
    });
    expect(span?.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'server.address': '127.0.0.1',
      'server.port': provider.port,
      'gen_ai.request.stream': false,
      'gen_ai.request.temperature': 0,
      'gen_ai.request.max_tokens': 9,
      'gen_ai.request.seed': 3,
      'gen_ai.request.top_p': 0.5,
      'gen_ai.request.stop_sequences': ['x'],
      'gen_ai.response.id': 'chatcmpl-1',
      'gen_ai.response.model': 'gpt-4o',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 5,
      'gen_ai.usage.output_tokens': 1,
      'gen_ai.usage.cache_read.input_tokens': 0,
    });
  });

  test('of streams end with the stream, and tell the time to the first chunk', async () => {
    const stream = model().stream(asking('hi', { responseFormat: { type: 'json' } }));
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    expect(spans.getFinishedSpans()).toHaveLength(0);
    while (!(await iterator.next()).done);
    const [span] = spans.getFinishedSpans();
    expect(span?.attributes).toMatchObject({
      'gen_ai.request.stream': true,
      'gen_ai.output.type': 'json',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.response.time_to_first_chunk': expect.any(Number),
    });
  });

  test('of failures carry the code, and no words of anyone', async () => {
    await settle(model().complete(asking('a secret [[fault: 503]]')));
    await settle(read(model().stream(asking('a secret [[fault: cut]]'))));
    const ended = spans.getFinishedSpans();
    expect(ended.map(({ attributes }) => attributes['error.type'])).toEqual([
      'SERVICE_OPENAI_503',
      'STREAM_CUT',
    ]);
    expect(ended.map(({ status }) => status)).toEqual([
      { code: SpanStatusCode.ERROR },
      { code: SpanStatusCode.ERROR },
    ]);
    expect(ended.flatMap(({ events }) => events)).toEqual([]);
    expect(JSON.stringify(ended.map(({ attributes }) => attributes))).not.toContain('secret');
  });

  test('of calls that someone stopped are no failures', async () => {
    for await (const chunk of model().stream(asking('a b c'))) if (chunk.type === 'text') break;
    const controller = new AbortController();
    const work = settle(model().complete(asking('[[fault: hang]]'), { signal: controller.signal }));
    controller.abort();
    await work;
    const ended = spans.getFinishedSpans();
    expect(ended.map(({ attributes }) => attributes['kortana.stopped'])).toEqual([true, true]);
    expect(ended.map(({ status }) => status.code)).toEqual([
      SpanStatusCode.UNSET,
      SpanStatusCode.UNSET,
    ]);
  });

  test('are the parents of what happens within the call', async () => {
    const seen: (string | undefined)[] = [];
    const fetch: typeof globalThis.fetch = (...args) => {
      seen.push(trace.getActiveSpan()?.spanContext().spanId);
      return globalThis.fetch(...args);
    };
    const watched = openaiModel({ baseURL: provider.url, fetch });
    await watched.complete(asking('a'));
    await read(watched.stream(asking('a')));
    expect(seen).toEqual(spans.getFinishedSpans().map((span) => span.spanContext().spanId));
    expect(trace.getActiveSpan()).toBeUndefined();
  });

  test('hold content only where it was asked for', async () => {
    await read(model({ captureContent: true }).stream(asking('What is 2+2? [[think: hm]]')));
    await model({ captureContent: true }).complete(
      asking('call f', { tools: [{ name: 'f' }], toolChoice: 'required' }),
    );
    const [streamed, called] = spans.getFinishedSpans().map(({ attributes }) => attributes);
    expect(JSON.parse(String(streamed?.['gen_ai.input.messages']))).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'What is 2+2? [[think: hm]]' }] },
    ]);
    expect(JSON.parse(String(streamed?.['gen_ai.system_instructions']))).toEqual([
      { type: 'text', content: 'Be brief.' },
    ]);
    expect(JSON.parse(String(streamed?.['gen_ai.output.messages']))).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', content: 'hm' },
          { type: 'text', content: '4' },
        ],
        finish_reason: 'stop',
      },
    ]);
    expect(JSON.parse(String(called?.['gen_ai.output.messages']))).toMatchObject([
      { parts: [{ type: 'tool_call', name: 'f', arguments: '{}' }], finish_reason: 'tool_calls' },
    ]);
    spans.reset();
    await model().complete(asking('a secret'));
    expect(JSON.stringify(spans.getFinishedSpans()[0]?.attributes)).not.toContain('secret');
  });

  test('hold content where the environment asks for it', async () => {
    vi.stubEnv('OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT', 'true');
    await model().complete(asking('a'));
    expect(spans.getFinishedSpans()[0]?.attributes).toHaveProperty('gen_ai.output.messages');
  });
});

const common = () => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o',
  'server.address': '127.0.0.1',
  'server.port': provider.port,
});

describe('metrics', () => {
  test('have the older names unless asked otherwise', async () => {
    await read(model().stream(asking('[[say: a b c]]')));
    const found = await measured();
    const answered = { ...common(), 'gen_ai.response.model': 'gpt-4o' };
    expect(Object.keys(found).sort()).toEqual([
      'gen_ai.client.operation.duration',
      'gen_ai.client.operation.time_per_output_chunk',
      'gen_ai.client.operation.time_to_first_chunk',
      'gen_ai.client.token.usage',
      'kortana.llm.active_calls',
      'kortana.llm.cost',
    ]);
    expect(found['gen_ai.client.operation.duration']).toMatchObject({
      unit: 's',
      points: [
        [
          answered,
          {
            count: 1,
            buckets: {
              boundaries: [
                0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96,
                81.92,
              ],
            },
          },
        ],
      ],
    });
    expect(found['gen_ai.client.token.usage']).toMatchObject({
      unit: '{token}',
      points: [
        [{ ...answered, 'gen_ai.token.type': 'input' }, { sum: 6 }],
        [{ ...answered, 'gen_ai.token.type': 'output' }, { sum: 3 }],
      ],
    });
    expect(found['gen_ai.client.operation.time_to_first_chunk']).toMatchObject({
      points: [[common(), { count: 1 }]],
    });
    expect(found['gen_ai.client.operation.time_per_output_chunk']).toMatchObject({
      points: [[common(), { count: 2 }]],
    });
    expect(found['kortana.llm.active_calls']?.points).toEqual([[common(), 0]]);
    expect(found['kortana.llm.cost']?.points).toEqual([[answered, (6 * 2.5 + 3 * 10) / 1e6]]);
  });

  test('have the newer names where asked', async () => {
    vi.stubEnv('OTEL_SEMCONV_STABILITY_OPT_IN', 'http, gen_ai_latest_experimental');
    await model().complete(asking('What is 2+2?'));
    const found = await measured();
    const unknown = {
      ...common(),
      'gen_ai.response.model': 'gpt-4o',
      'gen_ai.token.modality': 'unknown',
    };
    expect(
      Object.keys(found)
        .filter((name) => name.startsWith('gen_ai'))
        .sort(),
    ).toEqual([
      'gen_ai.client.inference.duration',
      'gen_ai.client.inference.operation.input_tokens',
      'gen_ai.client.inference.operation.output_tokens',
      'gen_ai.client.inference.usage.cache_read.input_tokens',
      'gen_ai.client.inference.usage.input_tokens',
      'gen_ai.client.inference.usage.output_tokens',
    ]);
    expect(found['gen_ai.client.inference.usage.input_tokens']).toEqual({
      unit: '{token}',
      points: [[unknown, 5]],
    });
  });

  test('have both where asked', async () => {
    await model({ semconv: 'both' }).complete(asking('a'));
    const names = Object.keys(await measured());
    expect(names).toContain('gen_ai.client.operation.duration');
    expect(names).toContain('gen_ai.client.inference.duration');
  });

  test('tell failures by their code, and stopped calls not at all', async () => {
    await settle(model().complete(asking('[[fault: 429]]')));
    for await (const chunk of model().stream(asking('a b c'))) if (chunk.type === 'text') break;
    const found = await measured();
    expect(found['gen_ai.client.operation.duration']?.points).toMatchObject([
      [{ ...common(), 'error.type': 'SERVICE_OPENAI_429' }, { count: 1 }],
    ]);
    expect(found['kortana.llm.active_calls']?.points).toEqual([[common(), 0]]);
    expect(found).not.toHaveProperty('gen_ai.client.token.usage');
  });

  test('go to the SDK that is registered late, or anew', async () => {
    const early = model();
    metrics.disable();
    await early.complete(asking('a'));
    metrics.setGlobalMeterProvider(
      new MeterProvider({
        readers: [
          (reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e8 })),
        ],
      }),
    );
    await early.complete(asking('a'));
    expect((await measured())['gen_ai.client.operation.duration']?.points).toMatchObject([
      [{}, { count: 1 }],
    ]);
  });

  test('take prices of your own, and count no cost where the price is not known', async () => {
    const prices = {
      asOf: '2030-01-01',
      prices: { offline: { 'kortana-offline': { input: 1e6, output: 0 } } },
    };
    await instrument(offlineModel(), { prices }).complete({
      messages: [{ role: 'user', content: 'a' }],
    });
    await settle(model({ prices }).complete(asking('a')));
    expect((await measured())['kortana.llm.cost']?.points).toMatchObject([
      [{ 'gen_ai.provider.name': 'offline' }, expect.any(Number)],
    ]);
  });
});

describe('log lines', () => {
  const records: LogRecord[] = [];
  beforeEach(async () => {
    records.length = 0;
    await configure({
      sinks: { memory: (record) => records.push(record) },
      loggers: [
        { category: 'kortana', sinks: ['memory'], lowestLevel: 'debug' },
        { category: ['logtape', 'meta'], sinks: [], lowestLevel: 'fatal' },
      ],
    });
  });
  afterEach(() => reset());

  test('tell each call once, without keys, prompts and answers', async () => {
    await model().complete(asking('a secret'));
    await settle(read(model().stream(asking('a secret [[fault: cut]]'))));
    for await (const chunk of model().stream(asking('a secret'))) if (chunk.type === 'text') break;
    expect(
      records.map(({ level, category, properties }) => [level, category, properties]),
    ).toMatchObject([
      [
        'debug',
        ['kortana', 'llm'],
        {
          model: 'gpt-4o',
          provider: 'openai',
          stream: false,
          finishReason: 'stop',
          outputTokens: 4,
        },
      ],
      ['warning', ['kortana', 'llm'], { model: 'gpt-4o', stream: true, error: 'STREAM_CUT' }],
      ['debug', ['kortana', 'llm'], { model: 'gpt-4o', stream: true }],
    ]);
    expect(JSON.stringify(records)).not.toMatch(/secret|key-of-the-user/);
  });
});

test('telemetry that throws changes no result', async () => {
  const failing = () => {
    throw new Error('exporter down');
  };
  metrics.disable();
  metrics.setGlobalMeterProvider({ getMeter: failing });
  expect((await model().complete(asking('2+2'))).content).toBe('4');
  trace.disable();
  trace.setGlobalTracerProvider({
    getTracer: () => ({ startSpan: failing, startActiveSpan: failing }),
  });
  expect((await read(model().stream(asking('2+2')))).at(-1)).toMatchObject({ type: 'finish' });
});

test('false switches all of it off', async () => {
  await model(false).complete(asking('a'));
  expect(spans.getFinishedSpans()).toEqual([]);
  expect(await measured()).toEqual({});
});

test('instrument leaves id, provider and scope as they are', () => {
  const bare = offlineModel();
  const { id, provider: name, scope, keepsLimits } = instrument(bare);
  const { provider: own, ...rest } = bare;
  expect({ id, name, scope, keepsLimits }).toMatchObject({
    id: rest.id,
    name: own,
    scope: rest.scope,
    keepsLimits: true,
  });
});
