import { ServiceError } from '@kortana/errors';
import { MetricsCollector } from '@kortana/perf';
import { configure, type Logger, type LogRecord, reset } from '@logtape/logtape';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { failureOf, readAll } from '../../test/read-all.ts';
import { scriptedModel } from '../../test/scripted-model.ts';
import { ChatEngine } from '../chat-engine.ts';
import type { EngineNotice } from './notice.ts';

const down = new ServiceError('down', { httpStatus: 503 });
const atOnce = { retry: { initialDelayMs: 0 } };

function listen(engine: ChatEngine): EngineNotice[] {
  const notices: EngineNotice[] = [];
  engine.on('event', (notice) => notices.push(notice));
  return notices;
}

describe('listeners', () => {
  test('hear what happens, in order', async () => {
    const model = [scriptedModel(down, { id: 'a' }), scriptedModel('hi', { id: 'b' })];
    const engine = new ChatEngine({ model, ...atOnce });
    const notices = listen(engine);
    await engine.getResponse('hello');
    expect(notices.map(({ type }) => type)).toEqual([
      'request',
      ...['attempt', 'retry', 'attempt', 'retry', 'attempt'],
      'failover',
      'attempt',
      'reply',
    ]);
    expect(new Set(notices.map((notice) => 'requestId' in notice && notice.requestId)).size).toBe(
      1,
    );
  });

  test('hear of a failure, with the time to come back', async () => {
    const engine = new ChatEngine({
      model: scriptedModel(new ServiceError('wait', { httpStatus: 429, retryAfterMs: 20_000 })),
    });
    const notices = listen(engine);
    await failureOf(engine.getResponse('hello'));
    expect(notices.at(-1)).toMatchObject({
      type: 'failure',
      operation: 'get_response',
      code: 'SERVICE_ERROR_429',
      retryAfterMs: 20_000,
      attempts: [{ outcome: 'error' }],
    });
  });

  test('hear of a breaker that opens, and of a broken stream that is recovered', async () => {
    const engine = new ChatEngine({
      model: scriptedModel([{ says: ['one '], then: 'cut' }, 'one two']),
      ...atOnce,
      circuitBreaker: { failureThreshold: 1, recoveryTimeoutMs: () => 0 },
    });
    const notices = listen(engine);
    await readAll(engine.streamResponse('hello'));
    expect(notices).toContainEqual({
      type: 'breaker',
      model: 'scripted',
      from: 'closed',
      to: 'open',
      reason: 'failures',
    });
    expect(notices).toContainEqual(expect.objectContaining({ type: 'recovery', how: 'restart' }));
  });

  test('may throw, and may leave', async () => {
    const engine = new ChatEngine({ model: scriptedModel('hi') });
    const heard = vi.fn();
    const leave = engine.on('event', heard);
    engine.on('event', () => {
      throw new Error('a listener of the user');
    });
    expect((await engine.getResponse('hello')).content).toBe('hi');
    const before = heard.mock.calls.length;
    expect(before).toBeGreaterThan(0);
    leave();
    await engine.getResponse('hello');
    expect(heard).toHaveBeenCalledTimes(before);
  });
});

test('operations are counted by their names', async () => {
  const model = scriptedModel([new Error('boom'), 'hi']);
  const engine = new ChatEngine({ model });
  await failureOf(engine.getResponse('a', { sessionId: 's' }));
  await engine.getResponse('a', { sessionId: 's' });
  await readAll(engine.streamResponse('b'));
  await engine.complete({ messages: [{ role: 'user', content: 'c' }] });
  await engine.shutdown();
  const summary = engine.metrics.getSummary();
  expect(Object.keys(summary).toSorted()).toEqual([
    'cache_lookup',
    'complete',
    'get_response',
    'llm_call',
    'memory_load',
    'memory_record',
    'stream_response',
  ]);
  expect(summary['get_response']).toMatchObject({
    totalRequests: 2,
    failedRequests: 1,
    successRate: 50,
  });
  expect(summary['llm_call']).toMatchObject({ totalRequests: 4, failedRequests: 1 });
});

test('what happens is counted under the names that the README gives', async () => {
  const cut = { says: ['one '], then: 'cut' as const };
  const first = scriptedModel([down, 'one', cut, 'one two', down, down, 'hi'], { id: 'a' });
  const engine = new ChatEngine({
    model: [first, scriptedModel('b', { id: 'b' })],
    retry: { initialDelayMs: 0, maxAttempts: 2 },
    circuitBreaker: { failureThreshold: 2 },
  });
  await engine.getResponse('retried');
  await engine.getResponse('retried');
  await readAll(engine.streamResponse('recovered'));
  await engine.getResponse('failed over');
  await engine.getResponse('refused');
  await failureOf(engine.getResponse('aborted', { signal: AbortSignal.abort() }));
  const hung = new AbortController();
  const reply = failureOf(engine.getResponse('aborted', { signal: hung.signal }));
  hung.abort();
  await reply;
  expect(engine.metrics.getCounters()).toEqual({
    retries: 2,
    recoveries: 1,
    failovers: 2,
    refused: 1,
    aborted: 1,
    cache_hits: 1,
    cache_misses: expect.any(Number),
    source_live: 2,
    source_cache: 1,
    source_fallback: 2,
    'degraded_model.primary': 2,
  });
});

test('a collector of the user that throws changes nothing', async () => {
  const broken = (): never => {
    throw new Error('a sink of the user');
  };
  const metrics = Object.assign(new MetricsCollector(), { record: broken, increment: broken });
  const engine = new ChatEngine({ model: scriptedModel('hi'), metrics });
  expect((await engine.getResponse('hello', { sessionId: 's' })).content).toBe('hi');
  await engine.shutdown();
});

test('a logger of the user that throws changes nothing, and is a warning of the process', async () => {
  const warned = vi.spyOn(process, 'emitWarning').mockReturnValue();
  const broken = (): never => {
    throw new Error('a logger of the user');
  };
  const logger = { debug: broken, info: broken, warn: broken } as unknown as Logger;
  const engine = new ChatEngine({ model: scriptedModel([down, 'hi']), logger, ...atOnce });
  engine.on('event', broken);
  expect((await engine.getResponse('hello')).content).toBe('hi');
  expect(warned).toHaveBeenCalledWith('`logger` failed: a logger of the user', expect.anything());
  warned.mockRestore();
});

describe('the log', () => {
  let records: LogRecord[] = [];
  beforeEach(async () => {
    records = [];
    const loggers = [
      { category: 'kortana', lowestLevel: 'trace' as const, sinks: ['memory'] },
      { category: ['logtape', 'meta'], sinks: [] },
    ];
    await configure({ sinks: { memory: (record) => records.push(record) }, loggers });
  });
  afterEach(() => reset());

  test('has a line for each request, and no word of what was said', async () => {
    const engine = new ChatEngine({
      model: scriptedModel(['sesame seeds', down]),
      retry: { maxAttempts: 1 },
    });
    await engine.getResponse('open sesame', { sessionId: 'secret session', userId: 'secret user' });
    await failureOf(engine.getResponse('shut sesame'));
    await engine.shutdown();
    const own = records.filter(({ category }) => category[1] === 'engine');
    expect(own.map(({ level }) => level)).toEqual(['debug', 'warning']);
    expect(own[0]?.properties).toMatchObject({
      operation: 'get_response',
      source: 'live',
      attempts: 1,
    });
    expect(own[1]?.properties).toMatchObject({ code: 'SERVICE_ERROR_503' });
    expect(JSON.stringify(records)).not.toMatch(/sesame|secret/);
  });
});
