import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type Provider, startProvider } from './index.ts';

let provider: Provider;
beforeAll(async () => {
  provider = await startProvider();
});
afterEach(() => provider.reset());
afterAll(() => provider.close());

const post = (content: string, more: object = {}, signal?: AbortSignal) =>
  fetch(`${provider.url}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content }], ...more }),
    ...(signal ? { signal } : {}),
  });

const contentOf = async (response: Response) =>
  ((await response.json()) as { choices: { message: { content: string } }[] }).choices[0]!.message
    .content;

test('computes a sum', async () => {
  expect(await contentOf(await post('What is 2+2?'))).toBe('4');
});

test('echoes what it is told, without the directives', async () => {
  expect(await contentOf(await post('good morning [[fault: latency, ms=1]]'))).toBe(
    'You said: good morning',
  );
});

test('streams the same answer, usage in the last event when asked for', async () => {
  const text = await (
    await post('a b', { stream: true, stream_options: { include_usage: true } })
  ).text();
  const events = text.split('\n\n').filter(Boolean);
  expect(events.at(-1)).toBe('data: [DONE]');
  expect(JSON.parse(events.at(-2)!.slice(6))).toMatchObject({
    choices: [],
    usage: { completion_tokens: 4 },
  });
  expect(events).toHaveLength(8);
});

test('lists its models', async () => {
  const body = (await (await fetch(`${provider.url}/models`)).json()) as { data: { id: string }[] };
  expect(body.data.map((model) => model.id)).toEqual(['gpt-4o', 'gpt-4o-mini']);
});

test('fails by a directive in the model name', async () => {
  expect((await post('hi', { model: 'gpt-4o:fault:503' })).status).toBe(503);
});

test('fails the n-th call by script', async () => {
  provider.script([undefined, '500', '429, retry-after=2']);
  const replies = [await post('a'), await post('a'), await post('a'), await post('a')];
  expect(replies.map((reply) => reply.status)).toEqual([200, 500, 429, 200]);
  expect(replies[2]!.headers.get('retry-after')).toBe('2');
});

test('fails the first two calls of a directive with times=2', async () => {
  const statuses = [];
  for (let call = 0; call < 3; call += 1)
    statuses.push((await post('a [[fault: 503, times=2]]')).status);
  expect(statuses).toEqual([503, 503, 200]);
});

test('fails all calls while a standing fault is set', async () => {
  provider.fail('502');
  expect((await post('a')).status).toBe(502);
  provider.fail();
  expect((await post('a')).status).toBe(200);
});

test('is steered over the control endpoint, live', async () => {
  const url = new URL('/control', provider.url);
  await fetch(url, { method: 'POST', body: JSON.stringify({ fault: '500' }) });
  expect((await post('a')).status).toBe(500);
  const state = (await (await fetch(url)).json()) as { counts: { calls: number }; fault: string };
  expect(state).toMatchObject({ counts: { calls: 1 }, fault: '500' });
  await fetch(url, { method: 'DELETE' });
  expect((await post('a')).status).toBe(200);
});

test('names the faults there are when asked for one there is not', async () => {
  const reply = await post('a [[fault: nonsense]]');
  expect(reply.status).toBe(400);
  expect(await reply.text()).toContain('Unknown fault `nonsense`');
  expect(() => provider.fail('nonsense')).toThrow(RangeError);
});

test('sees that the caller hung up', async () => {
  const controller = new AbortController();
  const aborted = provider.nextAbort();
  const reply = await post('a [[fault: stall]]', { stream: true }, controller.signal);
  expect(provider.counts).toMatchObject({ open: 1, aborted: 0 });
  controller.abort();
  await expect(reply.text()).rejects.toThrow('aborted');
  expect((await aborted).outcome).toBe('aborted');
  expect(provider.counts).toMatchObject({ open: 0, aborted: 1 });
});

test('refuses connections while it is down', async () => {
  await provider.down();
  await expect(post('a')).rejects.toThrow('fetch failed');
  await provider.up();
  expect((await post('a')).status).toBe(200);
});

test('goes down for a while over the control endpoint', async () => {
  await using own = await startProvider();
  const models = () =>
    fetch(`${own.url}/models`).then(
      () => 'up',
      () => 'down',
    );
  const control = new URL('/control', own.url);
  await fetch(control, { method: 'POST', body: JSON.stringify({ downMs: 100 }) });
  await vi.waitFor(async () => expect(await models()).toBe('down'), { interval: 10 });
  await vi.waitFor(async () => expect(await models()).toBe('up'), { interval: 10 });
});

test('stays closed, though it was to come up again', async () => {
  const own = await startProvider();
  await fetch(new URL('/control', own.url), { method: 'POST', body: '{"downMs":1}' });
  await own.close();
  await new Promise((resolve) => setTimeout(resolve, 60));
  await expect(fetch(`${own.url}/models`)).rejects.toThrow('fetch failed');
});

test.for([
  ['null', /JSON object/],
  ['5', /JSON object/],
  ['{"model":"m","messages":[null]}', /'messages'/],
  ['{"model":"m","messages":[{"role":"user","content":"a"}],"tools":5}', /'tools'/],
  ['{"model":"m","messages":[{"role":"user","content":"a"}],"tools":[{}]}', /'tools'/],
] as const)('refuses the body %s in the words of a provider', async ([body, words]) => {
  const reply = await fetch(`${provider.url}/chat/completions`, { method: 'POST', body });
  expect(reply.status).toBe(400);
  const { error } = (await reply.json()) as { error: { message: string; type: string } };
  expect(error.message).toMatch(words);
  expect(error.type).toBe('invalid_request_error');
});

test('is asked by POST only', async () => {
  expect((await fetch(`${provider.url}/chat/completions`)).status).toBe(405);
  const reply = await fetch(`${provider.url}/embeddings`, { method: 'POST', body: '{"input":5}' });
  expect(reply.status).toBe(400);
});

test.for([
  [null, TypeError],
  [{ port: -1 }, RangeError],
  [{ maxCalls: -1 }, RangeError],
  [{ maxCalls: Number.NaN }, RangeError],
  [{ answer: 5 }, TypeError],
  [{ random: 5 }, TypeError],
  [{ fault: 5 }, TypeError],
  [{ fault: 'nope' }, RangeError],
  [{ script: 5 }, TypeError],
  [{ script: [undefined, 'nope'] }, RangeError],
] as const)('refuses options that make no sense (%j)', async ([options, kind]) => {
  await expect(startProvider(options as never)).rejects.toThrow(kind);
});

test.for(['{"script":5}', '{"script":["nope"]}', '{"downMs":"soon"}', '{"fault":5}'])(
  'says what is wrong with a command (%s)',
  async (body) => {
    const reply = await fetch(`${provider.url.slice(0, -3)}/control`, { method: 'POST', body });
    expect(reply.status).toBe(400);
    expect(await reply.text()).toMatch(/Expected|Unknown fault/);
  },
);

test.for(['503, times=x', '503, every=x', '503, rate=x'])(
  'says that a number is none (%s)',
  async (fault) => {
    provider.fail(fault);
    const reply = await post('hi');
    expect(reply.status).toBe(400);
    expect(await reply.text()).toContain('to be a number, got x');
  },
);

test('says that a port is taken', async () => {
  await expect(startProvider({ port: provider.port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  await expect(startProvider({ port: -1 })).rejects.toThrow(RangeError);
});
