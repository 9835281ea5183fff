import { expect, test } from 'vitest';
import { startProvider } from './index.ts';

const post = (url: string, body: object) =>
  fetch(`${url}/responses`, { method: 'POST', body: JSON.stringify(body) });

test('answers a text, or items of parts', async () => {
  await using provider = await startProvider();
  const whole = await (await post(provider.url, { model: 'gpt-4o', input: 'What is 2+2?' })).json();
  expect(whole).toMatchObject({
    object: 'response',
    status: 'completed',
    output: [{ type: 'message', content: [{ type: 'output_text', text: '4' }] }],
    usage: { input_tokens: 3, output_tokens: 1, total_tokens: 4 },
  });
  const input = [{ role: 'user', content: [{ type: 'input_text', text: 'hello' }] }];
  const parts = await (
    await post(provider.url, { model: 'gpt-4o', input, instructions: 'Be brief.' })
  ).json();
  expect(parts).toMatchObject({
    output: [{ content: [{ text: 'You said: hello' }] }],
    usage: { input_tokens: 3 },
  });
});

test('streams named, numbered events whose deltas make the text', async () => {
  await using provider = await startProvider();
  const text = await (
    await post(provider.url, { model: 'gpt-4o', input: '[[say: a b c]]', stream: true })
  ).text();
  const events = [...text.matchAll(/^data: (.*)$/gm)].map(
    ([, data]) => JSON.parse(data!) as { type: string; delta?: string; sequence_number: number },
  );
  expect(events.map(({ sequence_number }) => sequence_number)).toEqual(
    events.map((_, index) => index),
  );
  expect(events.map(({ delta }) => delta ?? '').join('')).toBe('a b c');
  expect(events.at(-1)).toMatchObject({
    type: 'response.completed',
    response: { output: [{ content: [{ text: 'a b c' }] }] },
  });
});

test('fails like the rest', async () => {
  await using provider = await startProvider();
  expect((await post(provider.url, { model: 'gpt-4o:fault:503', input: 'a' })).status).toBe(503);
  expect((await post(provider.url, { model: 'gpt-4o', input: 'a [[fault: 429]]' })).status).toBe(
    429,
  );
  expect((await post(provider.url, { model: 'gpt-4o' })).status).toBe(400);
});
