import { getEventListeners } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigurationError, type KortanaError, ServiceError } from '@kortana/errors';
import { type Provider, startProvider } from '@kortana/provider';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ChatRequest } from '../chat-model.ts';
import { read, textOf } from '../testing/read.ts';
import { openaiModel } from './openai-model.ts';

let provider: Provider;
beforeAll(async () => {
  provider = await startProvider();
});
afterEach(() => {
  provider.reset();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});
afterAll(() => provider.close());

const asking = (content: string, more: Partial<ChatRequest> = {}): ChatRequest => ({
  messages: [{ role: 'user', content }],
  ...more,
});

const model = (more = {}) =>
  openaiModel({ baseURL: provider.url, apiKey: 'key-of-the-user', ...more });

const errorOf = async (work: Promise<unknown>): Promise<KortanaError> =>
  work.then(
    () => expect.unreachable(),
    (error: unknown) => error as KortanaError,
  );

describe('answers', () => {
  test('carry tool calls, streamed in parts or whole', async () => {
    const request = asking('weather please', {
      tools: [
        {
          name: 'weather',
          parameters: { type: 'object', properties: { city: { type: 'string' } } },
        },
      ],
      toolChoice: 'required',
    });
    const whole = await model().complete(request);
    expect(whole).toMatchObject({
      content: '',
      finishReason: 'toolCalls',
      toolCalls: [{ id: 'call_1', name: 'weather', arguments: '{"city":"text"}' }],
    });
    const chunks = await read(model().stream(request));
    const calls = chunks.filter((chunk) => chunk.type === 'toolCall');
    expect(calls[0]).toEqual({ type: 'toolCall', index: 0, id: 'call_1', name: 'weather' });
    expect(calls.map((call) => call.argumentsDelta ?? '').join('')).toBe('{"city":"text"}');
    expect(chunks.at(-1)).toMatchObject({ finishReason: 'toolCalls' });
  });

  test('carry what a model thought first', async () => {
    const request = asking('[[think: let me see]] [[say: yes]]');
    expect(await model().complete(request)).toMatchObject({
      reasoning: 'let me see',
      content: 'yes',
    });
    const chunks = await read(model().stream(request));
    expect(
      chunks
        .filter((chunk) => chunk.type === 'reasoning')
        .map((chunk) => chunk.text)
        .join(''),
    ).toBe('let me see');
  });

  test('say that they were cut or filtered', async () => {
    expect(await model().complete(asking('a b c', { maxTokens: 2 }))).toMatchObject({
      finishReason: 'length',
    });
    expect(await model().complete(asking('a [[fault: content-filter]]'))).toMatchObject({
      finishReason: 'contentFilter',
    });
    const chunks = await read(model().stream(asking('a [[fault: content-filter]]')));
    expect(chunks.at(-1)).toMatchObject({ finishReason: 'contentFilter' });
  });

  test('come through with ten megabytes in one event', async () => {
    const chunks = await read(model().stream(asking('a [[fault: huge]]')));
    expect(textOf(chunks).length).toBeGreaterThan(10 * 1024 * 1024);
    const { content } = await model().complete(asking('a [[fault: huge]]'));
    expect(content.length).toBeGreaterThan(10 * 1024 * 1024);
  });

  test('are whole when the connection breaks or stalls behind the finish reason', async () => {
    for (const fault of ['reset-after-finish', 'stall-after-finish']) {
      const stream = model().stream(asking(`a [[fault: ${fault}]]`), {
        idleTimeoutMs: 200,
        firstTokenTimeoutMs: 10_000,
      });
      const chunks = await read(stream);
      expect(textOf(chunks)).toBe('You said: a');
      expect(chunks.at(-1)).toMatchObject({ type: 'finish', finishReason: 'stop' });
    }
  });
});

describe('odd servers', () => {
  test('may forget to call JSON JSON, and events events', async () => {
    const plain = () =>
      Promise.resolve(new Response(JSON.stringify({ choices: [{ message: { content: 'a' } }] })));
    expect(await model({ fetch: plain }).complete(asking('a'))).toMatchObject({
      content: 'a',
      finishReason: 'stop',
    });
    const events = () =>
      Promise.resolve(
        new Response(
          'data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}',
        ),
      );
    expect(textOf(await read(model({ fetch: events }).stream(asking('a'))))).toBe('a');
  });

  test('may end in the middle of an event: behind the finish reason nothing is missed', async () => {
    const content = 'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n';
    const finish = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n';
    const sending = (body: string) => {
      const headers = { 'content-type': 'text/event-stream' };
      return model({ fetch: () => Promise.resolve(new Response(body, { headers })) });
    };
    for (const rest of ['data: {"cho', 'data: [DO', 'data:', 'da']) {
      const whole = await read(sending(`${content}${finish}${rest}`).stream(asking('a')));
      expect(whole.at(-1)).toMatchObject({ type: 'finish', finishReason: 'stop' });
      expect(await errorOf(read(sending(`${content}${rest}`).stream(asking('a'))))).toMatchObject({
        code: 'STREAM_CUT',
      });
    }
  });

  test('may refuse for good, or ask to come again, in a head', async () => {
    const refuse = (status: number, word: string) => () =>
      Promise.resolve(Response.json({}, { status, headers: { 'x-should-retry': word } }));
    expect(
      (await errorOf(model({ fetch: refuse(503, 'false') }).complete(asking('a')))).recoverable,
    ).toBe(false);
    expect(
      (await errorOf(model({ fetch: refuse(409, 'true') }).complete(asking('a')))).recoverable,
    ).toBe(true);
  });

  test('may answer 200 with an error inside, streamed or not', async () => {
    const fetch = () => Promise.resolve(Response.json({ error: { message: 'no', code: 429 } }));
    expect(await errorOf(model({ fetch }).complete(asking('a')))).toMatchObject({
      httpStatus: 429,
      recoverable: true,
    });
    expect(await errorOf(read(model({ fetch }).stream(asking('a'))))).toMatchObject({
      httpStatus: 429,
      recoverable: true,
    });
  });

  test('may send an event that never ends, up to a bound', async () => {
    const piece = new TextEncoder().encode('x'.repeat(8 * 1024 * 1024));
    let sent = 0;
    const body = () =>
      new ReadableStream({
        pull(controller) {
          sent += 1;
          controller.enqueue(piece);
        },
      });
    const fetch = () =>
      Promise.resolve(new Response(body(), { headers: { 'content-type': 'text/event-stream' } }));
    expect(await errorOf(read(model({ fetch }).stream(asking('a'))))).toMatchObject({
      code: 'STREAM_MALFORMED',
    });
    expect(sent).toBeLessThan(12);
  });
});

describe('the wire', () => {
  test('is used once for each call: nothing is tried again here', async () => {
    await errorOf(model().complete(asking('[[fault: 503]]')));
    await errorOf(read(model().stream(asking('[[fault: 429]]'))));
    await errorOf(model().complete(asking('[[fault: reset]]')));
    expect(provider.counts.calls).toBe(3);
  });

  test('is used again for the next call', async () => {
    const reused = model();
    await read(reused.stream(asking('a')));
    const { connections } = provider.counts;
    for (let count = 0; count < 5; count += 1) await read(reused.stream(asking('a')));
    for (let count = 0; count < 5; count += 1) await reused.complete(asking('a'));
    // The next call may begin before the end of the last body is seen: two take turns then.
    expect(provider.counts.connections).toBeLessThanOrEqual(connections + 1);
  });

  test('is used again though the end came late behind [DONE]', async () => {
    const reused = model();
    await read(reused.stream(asking('a')));
    const { connections } = provider.counts;
    for (let count = 0; count < 8; count += 1) {
      await read(reused.stream(asking('a [[fault: late-end, ms=10]]')));
      await vi.waitUntil(() => provider.counts.open === 0);
      // The client sees the end a moment after the server has sent it.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    // Cut at [DONE], each would have cost one.
    expect(provider.counts.connections).toBeLessThan(connections + 4);
  });

  test('sends the key nowhere else: redirects are not followed', async () => {
    const error = await errorOf(model().complete(asking('[[fault: redirect]]')));
    expect(error).toMatchObject({ code: 'REDIRECTED', httpStatus: 302, recoverable: false });
    expect(provider.counts.calls).toBe(1);
  });

  test('is refused while the far side is down, and found again when it is up', async () => {
    await provider.down();
    const error = await errorOf(model().complete(asking('a')));
    expect(error).toMatchObject({ code: 'CONNECTION_FAILED', recoverable: true });
    await provider.up();
    expect((await model().complete(asking('2+2'))).content).toBe('4');
  });

  test('is given up at once, though a fetch of the user is deaf to aborts', async () => {
    const deaf = vi.fn<typeof fetch>(() => new Promise(() => undefined));
    const controller = new AbortController();
    const answering = model({ fetch: deaf }).complete(asking('a'), { signal: controller.signal });
    const streaming = read(
      model({ fetch: deaf }).stream(asking('a'), { signal: controller.signal }),
    );
    await vi.waitUntil(() => deaf.mock.calls.length === 2);
    controller.abort(new Error('enough'));
    await expect(answering).rejects.toThrow('enough');
    await expect(streaming).rejects.toThrow('enough');
  });

  test('ends for a body that is deaf to aborts, too', async () => {
    const body = () =>
      new ReadableStream({
        pull: () => new Promise(() => undefined),
        cancel: () => new Promise(() => undefined),
      });
    const deaf = () =>
      Promise.resolve(new Response(body(), { headers: { 'content-type': 'text/event-stream' } }));
    const error = await errorOf(
      read(model({ fetch: deaf }).stream(asking('a'), { firstTokenTimeoutMs: 20 })),
    );
    expect(error).toMatchObject({ name: 'TimeoutError', operation: 'first token', timeoutMs: 20 });
  });

  test('may fail in words of ours: they pass through as they are', async () => {
    const own = new ServiceError('the proxy is asleep', {
      code: 'PROXY_ASLEEP',
      recoverable: true,
    });
    const fetch = () => Promise.reject(own);
    expect(await errorOf(model({ fetch }).complete(asking('a')))).toBe(own);
    expect(await errorOf(read(model({ fetch }).stream(asking('a'))))).toBe(own);
  });

  test('is the global fetch of the moment, unless one is given', async () => {
    const early = model();
    const stub = vi.fn<typeof fetch>(() =>
      Promise.resolve(Response.json({ choices: [{ message: { content: 'stub' } }] })),
    );
    vi.stubGlobal('fetch', stub);
    expect((await early.complete(asking('a'))).content).toBe('stub');
    expect(stub).toHaveBeenCalledOnce();
  });

  test('leaves no listener on the signal of the caller', async () => {
    const { signal } = new AbortController();
    await model().complete(asking('a'), { signal });
    await read(model().stream(asking('a'), { signal, timeoutMs: 5000 }));
    await errorOf(model().complete(asking('[[fault: 503]]'), { signal }));
    await errorOf(read(model().stream(asking('[[fault: cut]]'), { signal })));
    for await (const chunk of model().stream(asking('a b c'), { signal }))
      if (chunk.type === 'text') break;
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

describe('limits', () => {
  test('count the silence of the far side, not the time a reader takes', async () => {
    const texts = [];
    for await (const chunk of model().stream(asking('a'), {
      idleTimeoutMs: 150,
      firstTokenTimeoutMs: 10_000,
    })) {
      if (chunk.type !== 'text') continue;
      texts.push(chunk.text);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(texts.join('')).toBe('You said: a');
  });

  test.for([
    [500, 'application/json', '{"error":'],
    [200, 'text/html', '<html>'],
    [200, 'application/json', '{"id":'],
  ] as const)(
    'end a silent reply that is no answer as well (%i, %s)',
    async ([status, type, half]) => {
      const server = createServer((_, response) => {
        response.writeHead(status, { 'content-type': type }).write(half);
      });
      server.listen(0, '127.0.0.1');
      await vi.waitUntil(() => server.listening);
      const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
      const silent = openaiModel({ baseURL });
      expect(await errorOf(silent.complete(asking('a'), { timeoutMs: 50 }))).toMatchObject({
        name: 'TimeoutError',
        operation: 'total',
      });
      expect(await errorOf(read(silent.stream(asking('a'), { idleTimeoutMs: 50 })))).toMatchObject({
        name: 'TimeoutError',
        operation: 'idle',
      });
      server.closeAllConnections();
      server.close();
    },
  );
});

describe('keys', () => {
  test('are needed by no server but OpenAI itself, and then nothing is sent', async () => {
    vi.stubEnv('OPENAI_API_KEY', '');
    await openaiModel({ baseURL: provider.url }).complete(asking('a'));
    expect(provider.calls[0]?.headers).not.toHaveProperty('authorization');
  });

  test('are missed at the first call, not before, with all that helps', async () => {
    vi.stubEnv('OPENAI_API_KEY', '');
    vi.stubEnv('OPENAI_BASE_URL', '');
    const fetch = vi.fn<typeof globalThis.fetch>();
    const keyless = openaiModel({ fetch });
    expect(keyless.scope).toMatch(/^[0-9a-f]{64}$/);
    for (const work of [keyless.complete(asking('a')), read(keyless.stream(asking('a')))]) {
      const error = await errorOf(work);
      expect(ConfigurationError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({ code: 'CONFIG_OPENAI_API_KEY', configKey: 'OPENAI_API_KEY' });
      expect(error.message).toMatch(
        /set OPENAI_API_KEY or pass apiKey.*OPENAI_BASE_URL.*offlineModel\(\)/,
      );
    }
    expect(fetch).not.toHaveBeenCalled();
  });

  test('may come late, from the environment', async () => {
    vi.stubEnv('OPENAI_API_KEY', '');
    vi.stubEnv('OPENAI_BASE_URL', provider.url);
    const late = openaiModel();
    const before = late.scope;
    vi.stubEnv('OPENAI_API_KEY', 'late-key');
    await late.complete(asking('a'));
    expect(provider.calls[0]?.headers['authorization']).toBe('Bearer late-key');
    expect(late.scope).not.toBe(before);
  });

  test('and addresses are fixed by the first call', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'first');
    const fixed = openaiModel({ baseURL: provider.url });
    await fixed.complete(asking('a'));
    const { scope } = fixed;
    vi.stubEnv('OPENAI_API_KEY', 'second');
    await fixed.complete(asking('a'));
    expect(provider.calls[1]?.headers['authorization']).toBe('Bearer first');
    expect(fixed.scope).toBe(scope);
  });

  test('make the scope, with address, organization and headers', () => {
    const scopes = [
      model(),
      model({ apiKey: 'key-of-the-user2' }),
      model({ baseURL: `${provider.url}/other` }),
      model({ organization: 'acme' }),
      model({ headers: { 'x-tenant': 'a' } }),
      model({ headers: { 'x-tenant': 'b' } }),
    ].map(({ scope }) => scope);
    vi.stubEnv('OPENAI_PROJECT_ID', 'p');
    scopes.push(model().scope);
    expect(new Set(scopes).size).toBe(scopes.length);
    expect(model({ headers: { 'X-A': '1', 'x-b': '2' } }).scope).toBe(
      model({ headers: { 'x-b': '2', 'x-a': '1' } }).scope,
    );
    expect(model({ baseURL: `${provider.url}/` }).scope).toBe(model().scope);
    expect(model({ model: 'other' }).scope).toBe(model().scope);
  });

  test.for(['a\nb', 'clé', 'two words'])(
    'that no header can carry are refused, unquoted (%j)',
    async (apiKey) => {
      expect(() => openaiModel({ apiKey })).toThrow(
        new RangeError('Expected `apiKey` to be of visible ASCII characters, got another text'),
      );
      vi.stubEnv('OPENAI_API_KEY', apiKey);
      const error = await errorOf(openaiModel({ baseURL: provider.url }).complete(asking('a')));
      expect(error).toMatchObject({ name: 'ConfigurationError', configKey: 'OPENAI_API_KEY' });
      expect(error.message).not.toContain(apiKey);
    },
  );

  test('may end with a line break, as files do', async () => {
    await model({ apiKey: 'key-from-a-file\n' }).complete(asking('a'));
    expect(provider.calls[0]?.headers['authorization']).toBe('Bearer key-from-a-file');
  });

  test.for(['nowhere', 'ftp://x.test/v1', 'http://user:hunter2@127.0.0.1:9/v1'])(
    'are not sent to an address that is none (%s)',
    async (baseURL) => {
      vi.stubEnv('OPENAI_BASE_URL', baseURL);
      vi.stubEnv('OPENAI_API_KEY', 'k');
      const error = await errorOf(openaiModel().complete(asking('a')));
      expect(error).toMatchObject({ code: 'CONFIG_OPENAI_BASE_URL' });
      expect(`${error.stack}${JSON.stringify(error)}`).not.toContain('hunter2');
    },
  );

  test('and content are in no error, though the far side quotes them', async () => {
    const secret = 'the password of my bank is hunter2';
    const quoting: typeof fetch = (_, init) =>
      Promise.resolve(
        Response.json(
          {
            error: {
              message: `Bad request: ${new Headers(init?.headers).get('x-gate')} ${String(init?.body)} with ${JSON.stringify([...new Headers(init?.headers)])}`,
            },
          },
          { status: 400 },
        ),
      );
    vi.stubEnv('OPENAI_CUSTOM_HEADERS', 'x-gate: key-of-the-gate');
    const error = await errorOf(model({ fetch: quoting }).complete(asking(secret)));
    const told = `${error.stack} ${JSON.stringify(error)} ${JSON.stringify(error.context)}`;
    expect(told).toContain('Bad request');
    expect(told).not.toContain('hunter2');
    expect(told).not.toContain('key-of-the-user');
    expect(told).not.toContain('key-of-the-gate');
    expect(error.cause).toBeUndefined();
  });

  test('and content are in no error, though a fetch of the user quotes them', async () => {
    const fetch = (_: unknown, init?: RequestInit) =>
      Promise.reject(new Error(`could not send ${String(init?.body)}`));
    const error = await errorOf(model({ fetch }).complete(asking('my bank is hunter2')));
    expect(error.code).toBe('CONNECTION_FAILED');
    expect(error.cause).toBeUndefined();
    const harmless = () => Promise.reject(new Error('no route'));
    const told = await errorOf(model({ fetch: harmless }).complete(asking('my bank is hunter2')));
    expect(told.cause).toMatchObject({ message: 'no route' });
  });

  test('and content are in no error for a reply that is no JSON', async () => {
    const fetch = () =>
      Promise.resolve(
        new Response('{"a": my secret answer', { headers: { 'content-type': 'application/json' } }),
      );
    const error = await errorOf(model({ fetch }).complete(asking('a')));
    expect(error.code).toBe('INVALID_RESPONSE');
    expect(`${error.stack}${JSON.stringify(error)}`).not.toContain('secret');
  });
});

describe('options', () => {
  test('name the provider by its address, or as told', () => {
    const at = (baseURL: string) => openaiModel({ baseURL }).provider;
    expect(at('https://api.openai.com/v1')).toBe('openai');
    expect(at('http://localhost:11434/v1')).toBe('openai');
    expect(at('https://api.groq.com/openai/v1')).toBe('groq');
    expect(at('https://acme.openai.azure.com/openai/v1')).toBe('azure.ai.openai');
    expect(at('https://notapi.groq.com.evil.test/v1')).toBe('openai');
    expect(openaiModel({ provider: 'mine' }).provider).toBe('mine');
  });

  test('are refused where they are wrong', () => {
    expect(() => openaiModel({ baseURL: 'nowhere' })).toThrow(RangeError);
    expect(() => openaiModel({ baseURL: 'ftp://x.test' })).toThrow(RangeError);
    expect(() => openaiModel({ baseURL: 'https://user:pass@x.test' })).toThrow(RangeError);
    expect(() => openaiModel({ model: '' })).toThrow(RangeError);
    expect(() => openaiModel({ model: 4 as never })).toThrow(TypeError);
    expect(() => openaiModel({ apiKey: ' ' })).toThrow(RangeError);
    expect(() => openaiModel({ fetch: {} as never })).toThrow(TypeError);
    expect(() => openaiModel({ headers: { 'a b': 'c' } })).toThrow(TypeError);
    expect(() => openaiModel(null as never)).toThrow(TypeError);
    expect(() => openaiModel({ telemetry: { semconv: 'newest' as never } })).toThrow(RangeError);
  });

  test('that are undefined are as if not given', async () => {
    const plain = {
      model: undefined,
      organization: undefined,
      headers: undefined,
      fetch: undefined,
      telemetry: undefined,
    };
    expect(model(plain).id).toBe('gpt-4o');
    expect((await model(plain).complete(asking('2+2'))).content).toBe('4');
  });

  test('send headers and organization with every call', async () => {
    await model({ organization: 'acme', headers: { 'x-tenant': 'a' } }).complete(asking('a'));
    expect(provider.calls[0]?.headers).toMatchObject({
      'openai-organization': 'acme',
      'x-tenant': 'a',
      authorization: 'Bearer key-of-the-user',
    });
  });

  test('of one request may name another model', async () => {
    const result = await model().complete(asking('a', { model: 'gpt-4o-mini' }));
    expect(result.model).toBe('gpt-4o-mini');
  });

  test.for(['', '/', '//'])('may end the address with %j', async (end) => {
    await model({ baseURL: `${provider.url}${end}` }).complete(asking('a'));
    expect(provider.calls[0]?.path).toBe('/v1/chat/completions');
  });

  test('of the user pass through to the body, also those of streams', async () => {
    await read(model().stream(asking('a', { extra: { stream_options: null, top_p: 0.1 } })));
    expect(provider.calls[0]?.body).toMatchObject({
      stream: true,
      stream_options: null,
      top_p: 0.1,
    });
  });
});

test.for([undefined, null, 5, {}, { messages: 5 }, { messages: [null] }])(
  'a request that is none is refused, and nothing sent (%j)',
  async (request) => {
    for (const work of [
      model().complete(request as never),
      read(model().stream(request as never)),
    ]) {
      const error = await errorOf(work);
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toMatch(/^Expected `/);
    }
    expect(provider.counts.calls).toBe(0);
  },
);

test('a request that can not be sent is the error of the user, untouched', async () => {
  const error = await errorOf(model().complete(asking('a', { extra: { big: 1n } })));
  expect(error).toBeInstanceOf(TypeError);
  expect(provider.counts.calls).toBe(0);
});
