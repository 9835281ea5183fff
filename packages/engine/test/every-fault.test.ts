/** Every fault that the provider knows, over real HTTP and the official SDK. */
import { ChatEngine } from '@kortana/engine';
import { KortanaError, ServiceError } from '@kortana/errors';
import { openaiModel } from '@kortana/llm';
import { faults, type Provider, startProvider } from '@kortana/provider';
import { describe, test } from 'vitest';
import { failureOf, readAll } from './read-all.ts';

const question = '[[words: 30]] please';
const whole = Array.from({ length: 30 }, (_, i) => `word${i + 1}`).join(' ');
// A huge answer is another one, and none that is broken.
const names = Object.keys(faults).filter((name) => name !== 'huge');

/** Only the sick one's silence is cut short: one that is well has all the time it needs. */
function engineOf(...providers: Provider[]): ChatEngine {
  return new ChatEngine({
    model: providers.map(({ url }, i) => ({
      model: openaiModel({ baseURL: url, model: `model-${i}`, apiKey: `key-${i}` }),
      timeouts: i === 0 ? { firstTokenMs: 100, idleMs: 100, attemptMs: 400 } : undefined,
    })),
    retry: { initialDelayMs: 1, maxRetryAfterMs: 0 },
    cache: false,
  });
}

/** An answer is whole or an honest error; of a broken one no more was shown than is true. */
function judge(text: string, isAnswer: boolean, error: unknown): string {
  if (isAnswer) return text === whole ? 'whole' : `WRONG: ${text.slice(0, 300)}`;
  if (!KortanaError.isInstance(error)) return `WRONG: ${String(error)}`;
  return whole.startsWith(text) ? 'honest error' : `WRONG: ${text.slice(0, 300)}`;
}

/** What another model couldn't help: the request is said to be wrong, not the provider. */
function isAboutTheRequest(error: unknown): boolean {
  const status = ServiceError.isInstance(error) ? (error.httpStatus ?? 0) : 0;
  const isContent = KortanaError.isInstance(error) && error.code === 'CONTENT_POLICY';
  return isContent || (status >= 400 && status < 500);
}

describe.concurrent.for(names)('%s', (name) => {
  test('is answered whole or with an honest error, never with less', async ({ expect }) => {
    await using sick = await startProvider({ fault: name });
    const engine = engineOf(sick);
    const streamed = await readAll(engine.streamResponse(question));
    expect(judge(streamed.text, streamed.reply !== undefined, streamed.error)).not.toContain(
      'WRONG',
    );
    const reply = engine.getResponse(question);
    const error = await failureOf(reply);
    const content = error === undefined ? (await reply).content : '';
    expect(judge(content, error === undefined, error)).not.toContain('WRONG');
    await engine.shutdown({ timeoutMs: 1 });
  });

  test('is answered whole where another provider is well', async ({ expect }) => {
    await using sick = await startProvider({ fault: name });
    await using well = await startProvider();
    const engine = engineOf(sick, well);
    const { text, reply, error } = await readAll(engine.streamResponse(question));
    const verdict = judge(text, reply !== undefined, error);
    expect(verdict).toBe(isAboutTheRequest(error) ? 'honest error' : 'whole');
    await engine.shutdown({ timeoutMs: 1 });
  });
});
