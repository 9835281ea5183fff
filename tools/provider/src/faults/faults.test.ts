import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Provider, startProvider } from '../index.ts';
import { faults } from './index.ts';

let provider: Provider;
beforeAll(async () => {
  provider = await startProvider();
});
afterEach(() => provider.reset());
afterAll(() => provider.close());

/** What a caller sees who gives up after `patienceMs`. */
async function see(
  fault: string,
  stream: boolean,
  patienceMs = 20_000,
): Promise<{ status?: number; text: string; end: string }> {
  const decoder = new TextDecoder();
  let status: number | undefined;
  let text = '';
  try {
    const reply = await fetch(`${provider.url}/chat/completions`, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(patienceMs),
      body: JSON.stringify({
        model: `gpt-4o:fault:${fault}`,
        messages: [{ role: 'user', content: 'grün [[say: eins zwei drei]]' }],
        stream,
        stream_options: { include_usage: true },
      }),
    });
    ({ status } = reply);
    for await (const chunk of reply.body ?? [])
      text += decoder.decode(chunk as Uint8Array, { stream: true });
    return { status, text, end: 'ended' };
  } catch (error) {
    const end = (error as Error).name === 'TimeoutError' ? 'silent' : 'broken';
    return { ...(status === undefined ? {} : { status }), text, end };
  }
}

const contentOf = (text: string) =>
  [...text.matchAll(/"content":"([^"]*)"/g)].map(([, content]) => content).join('');

describe('of a stream', () => {
  test.for([
    ['cut,after=1', 'broken', 'eins '],
    ['cut,after=0', 'broken', ''],
    ['clean-end,after=2', 'ended', 'eins zwei '],
    ['stall,after=1', 'silent', 'eins '],
    ['hold', 'silent', 'eins zwei drei'],
    ['stall-after-finish', 'silent', 'eins zwei drei'],
    ['reset-after-finish', 'broken', 'eins zwei drei'],
    ['hang-after-head', 'silent', ''],
    ['reset-after-head', 'broken', ''],
    ['error-event,after=1', 'ended', 'eins '],
    ['bare-error-event,after=1', 'ended', 'eins '],
    ['finish-error,after=1', 'ended', 'eins '],
  ] as const)('%s is %s after “%s”', async ([fault, end, content]) => {
    const seen = await see(fault, true, end === 'silent' ? 250 : undefined);
    expect({ status: seen.status, end: seen.end, content: contentOf(seen.text) }).toEqual({
      status: 200,
      end,
      content,
    });
  });

  test.for([
    'split-utf8',
    'crlf',
    'comments',
    'no-space',
    'one-write',
    'extra-fields',
    'no-done',
    'no-finish',
    'late-end,ms=1',
  ])('%s carries the same answer', async (fault) => {
    expect(contentOf((await see(fault, true)).text)).toBe('eins zwei drei');
  });

  test('and differs in just what its name says', async () => {
    const text = async (fault: string) => (await see(fault, true)).text;
    expect(await text('crlf')).toMatch(/}\r\n\r\ndata/);
    expect(await text('comments')).toMatch(/^: keep-alive\n\n/);
    expect(await text('no-space')).toMatch(/^data:\{/);
    expect(await text('no-done')).not.toContain('[DONE]');
    expect(await text('no-finish')).not.toContain('"stop"');
    expect(await text('no-finish')).toContain('[DONE]');
    expect(await text('named-error-event')).toMatch(/event: error\ndata: \{"error"/);
    expect(await text('malformed,after=1')).toMatch(/oops\n\ndata: .*zwei/);
    expect(await text('finish-error,reason=abort')).toContain('"finish_reason":"abort"');
    expect(await text('empty-choices')).not.toContain('eins');
    expect(await text('crlf;comments')).toContain(': keep-alive\n\ndata');
    expect((await text('huge,bytes=5000')).length).toBeGreaterThan(5000);
  });
});

describe('of a plain reply', () => {
  test.for([
    ['reset', undefined, 'broken'],
    ['hang', undefined, 'silent'],
    ['cut', 200, 'broken'],
    ['truncated', 200, 'ended'],
    ['html', 200, 'ended'],
    ['redirect', 302, 'ended'],
    ['bad-gateway-page', 502, 'ended'],
    ['quota', 429, 'ended'],
    ['context-length', 400, 'ended'],
  ] as const)('%s is status %s and %s', async ([fault, status, end]) => {
    const seen = await see(fault, false, end === 'silent' ? 250 : undefined);
    expect({ status: seen.status, end: seen.end }).toEqual({ status, end });
  });

  test.for(['truncated', 'malformed', 'html', 'empty-body'])('%s is no JSON', async (fault) => {
    const { text } = await see(fault, false);
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
  });
});

test('`every` strikes each n-th call, `rate` by the dice', async () => {
  const dice = [0.1, 0.9, 0.29];
  await using own = await startProvider({ random: () => dice.shift()! });
  const statuses = async (fault: string, count: number) => {
    own.fail(fault);
    const seen = [];
    for (let call = 0; call < count; call += 1)
      seen.push(
        (await fetch(`${own.url}/embeddings`, { method: 'POST', body: '{"input":"a"}' })).status,
      );
    return seen;
  };
  expect(await statuses('503, every=2', 4)).toEqual([200, 503, 200, 503]);
  expect(await statuses('500, rate=0.3', 3)).toEqual([500, 200, 500]);
});

test('each fault says what it does, and is in the README', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const named = Object.keys(faults).filter((name) => !/^\d+$/.test(name));
  expect(named.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  expect(Object.values(faults).filter(({ about }) => about === '')).toEqual([]);
});
