/** Models of the user's own, written from the interface alone: what they may do and must not break. */
import { ChatEngine } from '@kortana/engine';
import { KortanaError, ServiceError, TimeoutError } from '@kortana/errors';
import type { ChatChunk, ChatModel, ChatResult } from '@kortana/llm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { failureOf, readAll } from './read-all.ts';

const text = (words: string): ChatChunk => ({ type: 'text', text: words });
const finish: ChatChunk = { type: 'finish', finishReason: 'stop', model: 'own', id: '1' };
const usage: ChatChunk = {
  type: 'usage',
  usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 },
};

interface Own {
  id?: string;
  complete?: () => unknown;
  stream?: () => unknown;
}

function ownModel({ id = 'own', complete = notAsked, stream = notAsked }: Own): ChatModel {
  return { id, provider: 'own', scope: id, complete, stream } as ChatModel;
}

const notAsked = () => expect.unreachable();
const streaming = (stream: () => AsyncGenerator<ChatChunk>) => ownModel({ stream });
const failing = (error: unknown) =>
  ownModel({
    async complete() {
      throw error;
    },
    stream() {
      throw error;
    },
  });
const withStatus = (status: number, more = {}) =>
  Object.assign(new Error('the words of the model'), { status, ...more });

describe('what it throws becomes a KortanaError that says what to do', () => {
  test.for<[string, unknown, object]>([
    ['an error with a status', withStatus(503), { name: 'ServiceError', httpStatus: 503 }],
    ['an error with a lasting status', withStatus(404), { httpStatus: 404, recoverable: false }],
    ['an error that says nothing', new Error('the words of the model'), { recoverable: false }],
    [
      'a lost connection',
      Object.assign(new Error('the words of the model'), { code: 'ECONNRESET' }),
      { name: 'ServiceError', recoverable: true },
    ],
    [
      'the limit of its own signal',
      new DOMException('the words of the model', 'TimeoutError'),
      { name: 'TimeoutError', recoverable: true },
    ],
  ])('%s', async ([, error, expected]) => {
    const model = failing(error);
    const engine = new ChatEngine({ model, retry: { maxAttempts: 1 } });
    const seen = [
      await failureOf(engine.getResponse('hi')),
      (await readAll(engine.streamResponse('hi'))).error,
    ];
    for (const failure of seen) {
      expect(KortanaError.isInstance(failure)).toBe(true);
      expect(failure).toMatchObject({ ...expected, message: 'the words of the model' });
      expect((failure as Error).cause).toBe(error);
    }
  });

  test.for([undefined, null, 'text', 7])('even %j', async (thrown) => {
    const failure = await failureOf(new ChatEngine({ model: failing(thrown) }).getResponse('hi'));
    expect(KortanaError.isInstance(failure)).toBe(true);
  });

  test('but a KortanaError stays the one it is', async () => {
    const error = new ServiceError('no', { httpStatus: 404 });
    await expect(new ChatEngine({ model: failing(error) }).getResponse('hi')).rejects.toBe(error);
  });

  test("and the user's own rules are about what was thrown", async () => {
    class Own extends Error {}
    const error = new Own('mine');
    const seen: unknown[] = [];
    const engine = new ChatEngine({
      model: failing(error),
      retry: { initialDelayMs: 0, retryOn: (one) => (seen.push(one), false) },
      circuitBreaker: { expectedException: Own, failureThreshold: 1 },
    });
    await failureOf(engine.getResponse('hi'));
    expect(seen).toEqual([error]);
    expect(engine.llmCircuitBreaker.state).toBe('open');
  });
});

describe('the pause that the far side asks for', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test.for<[string, object]>([
    ['in seconds', { headers: new Headers({ 'retry-after': '7' }) }],
    ['in milliseconds', { headers: new Headers({ 'retry-after-ms': '7000' }) }],
    ['in a plain object', { headers: { 'retry-after': '7' } }],
    ['as a field', { retryAfterMs: 7000 }],
  ])('is kept, %s', async ([, more]) => {
    const complete = vi.fn(() => Promise.reject(withStatus(429, more)));
    const engine = new ChatEngine({ model: ownModel({ complete }), random: () => 0 });
    const failure = failureOf(engine.getResponse('hi'));
    await vi.advanceTimersByTimeAsync(6999);
    expect(complete).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(complete).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(7000);
    expect(await failure).toMatchObject({ httpStatus: 429, retryAfterMs: 7000 });
  });

  test('is not waited out if it is longer than 10 s', async () => {
    const headers = new Headers({ 'retry-after': '11' });
    const engine = new ChatEngine({ model: failing(withStatus(429, { headers })) });
    expect(await failureOf(engine.getResponse('hi'))).toMatchObject({ retryAfterMs: 11_000 });
  });
});

describe("what the SDK's errors say is heard", () => {
  const body = (code: string) => ({ code, error: { code, message: 'the words of the model' } });

  test.for<[string, object, object, number]>([
    ['a used up quota', withStatus(429, body('insufficient_quota')), { recoverable: false }, 1],
    ['an overloaded provider', withStatus(529), { httpStatus: 529, recoverable: true }, 3],
    [
      'a context that is too long',
      withStatus(400, body('context_length_exceeded')),
      { code: 'CONTEXT_LENGTH' },
      1,
    ],
    [
      'a content policy',
      withStatus(400, body('content_policy_violation')),
      { code: 'CONTENT_POLICY' },
      1,
    ],
  ])('%s', async ([, error, expected, calls]) => {
    const complete = vi.fn(() => Promise.reject(error));
    const engine = new ChatEngine({ model: ownModel({ complete }), retry: { initialDelayMs: 0 } });
    expect(await failureOf(engine.getResponse('hi'))).toMatchObject({
      ...expected,
      message: 'the words of the model',
      cause: error,
    });
    expect(complete).toHaveBeenCalledTimes(calls);
  });

  test('so that a larger model is asked for a longer context', async () => {
    const complete = async () => ({ content: 'hi' });
    const model = [
      failing(withStatus(400, body('context_length_exceeded'))),
      ownModel({ id: 'larger', complete }),
    ];
    expect((await new ChatEngine({ model }).getResponse('hi')).content).toBe('hi');
  });
});

describe('another model is asked when it', () => {
  test.for<[string, unknown, string]>([
    ['gives up by itself', new DOMException('I gave up', 'AbortError'), 'error'],
    ['is over a limit of its own', new DOMException('too late', 'TimeoutError'), 'timeout'],
  ])('%s', async ([, error, outcome]) => {
    const other = ownModel({
      id: 'other',
      complete: async () => ({ content: 'hi', finishReason: 'stop', model: 'other', id: '1' }),
    });
    const engine = new ChatEngine({ model: [failing(error), other] });
    const { content, metadata } = await engine.getResponse('hi');
    expect(content).toBe('hi');
    expect(metadata.attempts.map((attempt) => attempt.outcome)).toEqual([outcome, 'ok']);
  });
});

test('one without a provider and a scope is taken as it is', async () => {
  const model = { id: 'own', complete: async () => ({ content: 'hi' }), stream: notAsked };
  const engine = new ChatEngine({ model: model as unknown as ChatModel });
  const { metadata } = await engine.getResponse('a');
  expect(metadata).toMatchObject({ model: 'own', provider: 'unknown', source: 'live' });
  expect((await engine.getResponse('a')).metadata.source).toBe('cache');
});

describe('a plain call', () => {
  test('may leave out what is known anyway, and its answer is kept like any other', async () => {
    const engine = new ChatEngine({
      model: ownModel({ complete: async () => ({ content: 'hi' }) }),
    });
    expect(await engine.getResponse('a')).toMatchObject({
      content: 'hi',
      metadata: { source: 'live', model: 'own', finishReason: 'stop' },
    });
    expect((await engine.getResponse('a')).metadata.source).toBe('cache');
  });

  test.for<[unknown]>([[undefined], [null], ['hi'], [{}], [{ content: null }], [{ content: 7 }]])(
    'that gives %j has given no answer, and counts against it',
    async ([result]) => {
      const model = ownModel({ complete: async () => result });
      const engine = new ChatEngine({ model, retry: { maxAttempts: 1 } });
      expect(await failureOf(engine.getResponse('hi'))).toMatchObject({ code: 'INVALID_RESPONSE' });
      expect(engine.llmCircuitBreaker.failureCount).toBe(1);
    },
  );

  test('may want tools without a word', async () => {
    const toolCalls = [{ id: '1', name: 'x', arguments: '{}' }];
    const complete = async (): Promise<ChatResult> =>
      ({ toolCalls, finishReason: 'toolCalls', model: 'own', id: '1' }) as unknown as ChatResult;
    const engine = new ChatEngine({ model: ownModel({ complete }) });
    const result = await engine.complete({ messages: [{ role: 'user', content: 'hi' }] });
    expect(result).toMatchObject({ content: '', toolCalls });
  });
});

describe('a stream', () => {
  const whole: [string, () => AsyncGenerator<ChatChunk>][] = [
    [
      'with empty pieces',
      async function* () {
        yield text('');
        yield { type: 'text' } as ChatChunk;
        yield* [text('hi'), text(''), finish];
      },
    ],
    [
      'that says more after its finish',
      async function* () {
        yield* [text('hi'), finish, text(' and more'), { ...finish, finishReason: 'length' }];
      },
    ],
    [
      'that breaks after its finish',
      async function* () {
        yield* [text('hi'), finish];
        throw withStatus(503);
      },
    ],
  ];
  test.for(whole)('%s is whole: nothing is added, lost or asked again', async ([, stream]) => {
    const engine = new ChatEngine({ model: streaming(stream), retry: { initialDelayMs: 0 } });
    const { text: seen, reply, events } = await readAll(engine.streamResponse('a'));
    expect(seen).toBe('hi');
    expect(reply).toMatchObject({ content: 'hi', metadata: { finishReason: 'stop' } });
    expect(reply?.metadata.attempts).toMatchObject([{ outcome: 'ok' }]);
    expect(events).toHaveLength(2);
    expect(engine.llmCircuitBreaker.failureCount).toBe(0);
  });

  test('may tell what it cost after its finish', async () => {
    const engine = new ChatEngine({
      model: streaming(async function* () {
        yield* [text('hi'), finish, usage];
      }),
    });
    const { reply } = await readAll(engine.streamResponse('a'));
    expect(reply?.metadata.usage).toEqual({ inputTokens: 1, outputTokens: 2, totalTokens: 3 });
  });

  test('that never ends after its finish is whole when its idle limit is over', async () => {
    vi.useFakeTimers();
    const engine = new ChatEngine({
      model: streaming(async function* () {
        yield* [text('hi'), finish];
        await new Promise(() => {});
      }),
    });
    const seen = readAll(engine.streamResponse('a'));
    await vi.advanceTimersByTimeAsync(20_000);
    expect((await seen).reply?.metadata.attempts).toMatchObject([{ outcome: 'ok' }]);
    vi.useRealTimers();
  });

  const broken: [string, () => unknown][] = [
    ['that yields nothing', async function* () {}],
    [
      'that ends without a finish',
      async function* () {
        yield text('hi');
      },
    ],
    [
      'that yields undefined',
      async function* () {
        yield undefined;
      },
    ],
    [
      'that throws before it is one',
      () => {
        throw new Error('no');
      },
    ],
    ['that is none', () => undefined],
  ];
  test.for(broken)('%s is an error and counts against the model', async ([, stream]) => {
    const engine = new ChatEngine({ model: ownModel({ stream }), retry: { initialDelayMs: 0 } });
    const { error, reply } = await readAll(engine.streamResponse('a'));
    expect(KortanaError.isInstance(error)).toBe(true);
    expect(reply).toBeUndefined();
    expect(engine.llmCircuitBreaker.failureCount).toBeGreaterThan(0);
  });
});

describe('one that is deaf and dumb', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const never = () => new Promise<never>(() => {});

  test('is left after 30 s, streamed after 10 s', async () => {
    const model = ownModel({
      complete: never,
      stream: () => ({ [Symbol.asyncIterator]: () => ({ next: never }) }),
    });
    const engine = new ChatEngine({ model });
    const plain = failureOf(engine.getResponse('a'));
    const streamed = readAll(engine.streamResponse('b'));
    await vi.advanceTimersByTimeAsync(9_999);
    expect(engine.status().inFlight).toBe(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(TimeoutError.isInstance((await streamed).error)).toBe(true);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(TimeoutError.isInstance(await plain)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});
