import { ConfigurationError, ServiceError, TimeoutError, ValidationError } from '@kortana/errors';
import { MetricsCollector } from '@kortana/perf';
import { type Provider, startProvider } from '@kortana/provider';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { offlineModel } from '../offline/offline-model.ts';
import { read, textOf } from '../testing/read.ts';
import { getLLMService, setLLMService } from './get-llm-service.ts';
import { LLMService } from './llm-service.ts';

let provider: Provider;
beforeAll(async () => {
  provider = await startProvider();
});
afterEach(() => {
  provider.reset();
  vi.unstubAllEnvs();
});
afterAll(() => provider.close());

const service = (more = {}) => new LLMService({ baseURL: provider.url, ...more });

describe('generateResponse', () => {
  test('answers a prompt, and tells who answered, how and how long it took', async () => {
    const times = [10, 35];
    const clock = { now: () => times.shift()! };
    const { content, metadata, error } = await service({ clock }).generateResponse('What is 2+2?');
    expect(error).toBeUndefined();
    expect(content).toBe('4');
    expect(metadata).toEqual({
      model: 'gpt-4o',
      provider: 'openai',
      usage: { inputTokens: 3, outputTokens: 1, totalTokens: 4, cachedInputTokens: 0 },
      costUsd: (3 * 2.5 + 10) / 1e6,
      finishReason: 'stop',
      processingTimeMs: 25,
      requestId: 'chatcmpl-1',
    });
  });

  test('sends its defaults, and what overrides them', async () => {
    await service().generateResponse('hi');
    await service().generateResponse([{ role: 'user', content: 'hi' }], {
      model: 'other',
      temperature: 0,
      maxTokens: 7,
      system: 'Be brief.',
    });
    expect(provider.calls.map(({ body }) => body)).toEqual([
      {
        model: 'gpt-4o',
        messages: [{ role: 'user', content: 'hi' }],
        temperature: 0.7,
        max_tokens: 1500,
      },
      {
        model: 'other',
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'hi' },
        ],
        temperature: 0,
        max_tokens: 7,
      },
    ]);
  });

  test('sends no default temperature to models that refuse it', async () => {
    await service({ model: 'gpt-5-mini' }).generateResponse('hi');
    await service({ model: 'o3' }).generateResponse('hi', { temperature: 1 });
    expect(
      provider.calls.map(({ body }) => (body as { temperature?: number }).temperature),
    ).toEqual([undefined, 1]);
  });

  test('gives what the far side does wrong as an error, with the metadata', async () => {
    const { content, error, metadata } = await service().generateResponse('[[fault: 503]]');
    expect(content).toBeUndefined();
    expect(ServiceError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ httpStatus: 503, recoverable: true });
    expect(metadata).toMatchObject({ model: 'gpt-4o', provider: 'openai' });
    expect(metadata.processingTimeMs).toBeGreaterThan(0);
    expect(metadata.requestId).toBe('req_fault');
  });

  test('gives a TimeoutError after timeoutMs', async () => {
    const { error } = await service().generateResponse('[[fault: hang]]', { timeoutMs: 30 });
    expect(TimeoutError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ timeoutMs: 30, operation: 'total' });
  });

  test('keeps the time limit for a model that heeds none', async () => {
    const deaf = {
      id: 'deaf',
      provider: 'mine',
      scope: 's',
      complete: () => new Promise<never>(() => undefined),
      stream: () => expect.unreachable(),
    };
    const { error, metadata } = await new LLMService({ provider: deaf }).generateResponse('hi', {
      timeoutMs: 20,
    });
    expect(error).toMatchObject({ name: 'TimeoutError', timeoutMs: 20 });
    expect(metadata).toMatchObject({ model: 'deaf', provider: 'mine' });
  });

  test('says what to set when a key is missing', async () => {
    vi.stubEnv('OPENAI_API_KEY', '');
    const { error } = await new LLMService({
      fetch: () => Promise.reject(new Error('asked')),
    }).generateResponse('hi');
    expect(ConfigurationError.isInstance(error)).toBe(true);
    expect(error?.message).toContain('OPENAI_API_KEY');
    expect(error?.message).toContain('offlineModel()');
  });

  test('rejects with the reason when the caller aborts', async () => {
    const controller = new AbortController();
    const answering = service().generateResponse('[[fault: hang]]', { signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(answering).rejects.toBe(reason);
  });

  test('takes a signal of another make', async () => {
    const { signal } = new AbortController();
    const other = {
      aborted: false,
      addEventListener: signal.addEventListener.bind(signal),
      removeEventListener: signal.removeEventListener.bind(signal),
      throwIfAborted: () => undefined,
    };
    const { content } = await service().generateResponse('What is 2+2?', {
      signal: other as unknown as AbortSignal,
    });
    expect(content).toBe('4');
  });

  test.for([null, Number.NaN, 0, ''])('rejects with a reason of %j as well', async (reason) => {
    const controller = new AbortController();
    const answering = service().generateResponse('[[fault: hang]]', { signal: controller.signal });
    controller.abort(reason);
    const seen = await answering.then(
      () => expect.unreachable(),
      (error: unknown) => error,
    );
    expect(seen).toBe(reason);
  });

  test('wraps what a model of another make throws', async () => {
    const broken = offlineModel();
    broken.complete = () => Promise.reject(new Error('boom'));
    const { error } = await new LLMService({ provider: broken }).generateResponse('hi');
    expect(error?.message).toBe('boom');
  });

  test.for([
    ['an empty prompt', '', {}, 'prompt'],
    ['a blank prompt', ' \n', {}, 'prompt'],
    ['no messages', [], {}, 'prompt'],
    ['a message without a role', [{ content: 'x' }], {}, 'prompt'],
    ['a temperature above 2', 'x', { temperature: 2.1 }, 'temperature'],
    ['a temperature below 0', 'x', { temperature: -0.1 }, 'temperature'],
    ['no tokens', 'x', { maxTokens: 0 }, 'maxTokens'],
    ['half a token', 'x', { maxTokens: 1.5 }, 'maxTokens'],
    ['no time', 'x', { timeoutMs: 0 }, 'timeoutMs'],
    ['an empty model', 'x', { model: '' }, 'model'],
    ['a signal that is none', 'x', { signal: {} }, 'signal'],
    ['options of null', 'x', null, 'options'],
    ['options of text', 'x', 'fast', 'options'],
  ] as const)('refuses %s', async ([, prompt, options, field]) => {
    const asking = service().generateResponse(prompt as never, options as never);
    await expect(asking).rejects.toMatchObject({ name: 'ValidationError', field });
    expect(() => service().streamResponse(prompt as never, options as never)).toThrow(
      ValidationError,
    );
    expect(provider.counts.calls).toBe(0);
  });

  test('has not been used where it refused', async () => {
    const unused = service();
    await expect(unused.generateResponse('')).rejects.toThrow(ValidationError);
    expect(unused.initialized).toBe(false);
  });

  test('names every bad argument at once', async () => {
    const asking = service().generateResponse('', { maxTokens: 0 });
    await expect(asking).rejects.toMatchObject({
      issues: [{ path: 'prompt' }, { path: 'maxTokens' }],
    });
  });
});

describe('streamResponse', () => {
  test('streams the answer to its finish', async () => {
    const chunks = await read(service().streamResponse('What is 2+2?'));
    expect(textOf(chunks)).toBe('4');
    expect(chunks.at(-1)).toMatchObject({ type: 'finish', finishReason: 'stop' });
  });

  test('throws where the answer breaks', async () => {
    await expect(read(service().streamResponse('[[fault: cut]]'))).rejects.toMatchObject({
      code: 'STREAM_CUT',
    });
  });

  test('throws where a model ends without a finish', async () => {
    const own = {
      id: 'own',
      provider: 'mine',
      scope: 's',
      complete: () => expect.unreachable(),
      stream: async function* half() {
        yield await Promise.resolve({ type: 'text', text: 'half an' } as const);
      },
    };
    await expect(
      read(new LLMService({ provider: own }).streamResponse('hi')),
    ).rejects.toMatchObject({ code: 'STREAM_CUT', serviceName: 'mine' });
  });
});

describe('metrics', () => {
  test('of the user that throw change no answer, and no error', async () => {
    const metrics = new MetricsCollector();
    metrics.record = () => {
      throw new Error('the sink is full');
    };
    const sinking = service({ metrics });
    expect((await sinking.generateResponse('What is 2+2?')).content).toBe('4');
    expect((await sinking.generateResponse('[[fault: 503]]')).error).toMatchObject({
      httpStatus: 503,
    });
    expect(textOf(await read(sinking.streamResponse('What is 2+2?')))).toBe('4');
  });

  test('count successes and failures, and leave out who stopped by himself', async () => {
    const metrics = new MetricsCollector();
    const counting = service({ metrics });
    await counting.generateResponse('hi');
    await counting.generateResponse('[[fault: 500]]');
    await read(counting.streamResponse('hi'));
    await expect(read(counting.streamResponse('[[fault: cut]]'))).rejects.toThrow();
    for await (const chunk of counting.streamResponse('one two three'))
      if (chunk.type === 'text') break;
    const controller = new AbortController();
    const reading = read(
      counting.streamResponse('[[fault: stall]]', { signal: controller.signal }),
    );
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    expect(metrics.getSummary()).toMatchObject({
      'llm.generate': { totalRequests: 2, failedRequests: 1 },
      'llm.stream': { totalRequests: 2, failedRequests: 1 },
    });
    expect(counting.metrics).toBe(metrics);
  });
});

describe('making one', () => {
  test('needs no key and touches nothing until it is used', async () => {
    vi.stubEnv('OPENAI_API_KEY', '');
    const lazy = new LLMService();
    expect(lazy.initialized).toBe(false);
    vi.stubEnv('OPENAI_API_KEY', 'late');
    vi.stubEnv('OPENAI_BASE_URL', provider.url);
    await lazy.generateResponse('hi');
    expect(lazy.initialized).toBe(true);
    expect(provider.calls[0]?.headers['authorization']).toBe('Bearer late');
  });

  test('takes a model, or the offline one by its name', async () => {
    const answers = [];
    for (const given of ['offline', offlineModel()] as const) {
      answers.push(await new LLMService({ provider: given }).generateResponse('2+2'));
    }
    expect(answers.map(({ content }) => content)).toEqual(['2+2 = 4', '2+2 = 4']);
    expect(answers[0]?.metadata.provider).toBe('offline');
  });

  test.for([
    [{ provider: 'acme' }, RangeError],
    [{ provider: {} }, TypeError],
    [{ provider: null }, TypeError],
    [{ clock: {} }, TypeError],
    [{ metrics: {} }, TypeError],
    [{ prices: 5 }, TypeError],
    [{ prices: {} }, TypeError],
    [{ model: 5 }, TypeError],
    [{ baseURL: 'nowhere' }, RangeError],
    [{ fetch: 'mine' }, TypeError],
  ] as const)('refuses what makes no sense, there and then (%j)', ([options, kind]) => {
    expect(() => new LLMService(options as never)).toThrow(kind);
  });

  test('is done once for the process, until another is put in its place', () => {
    setLLMService(undefined);
    const first = getLLMService();
    expect(getLLMService()).toBe(first);
    const other = new LLMService({ provider: 'offline' });
    setLLMService(other);
    expect(getLLMService()).toBe(other);
    setLLMService(undefined);
    expect(getLLMService()).not.toBe(first);
    expect(() => setLLMService({} as never)).toThrow(TypeError);
  });
});
