/** What must not be left behind, whatever becomes of a request. */
import { getEventListeners } from 'node:events';
import { ChatEngine } from '@kortana/engine';
import { ServiceError } from '@kortana/errors';
import { expect, test } from 'vitest';
import { failureOf, readAll } from './read-all.ts';
import { scriptedModel, type Step } from './scripted-model.ts';

const outcomes: [string, Step[]][] = [
  ['an answer', ['hello']],
  ['a retry', [new ServiceError('down', { httpStatus: 503 }), 'hello']],
  ['a failure', [new ServiceError('bad', { httpStatus: 400 })]],
  ['a recovery', [{ says: ['hel'], then: 'cut' }, 'hello']],
  ['a broken answer', [{ says: ['hel'], then: 'cut' }, 'other']],
];

test.for(outcomes)('%s leaves no listener at a signal that lives on', async ([, steps]) => {
  const { signal } = new AbortController();
  for (const options of [{}, { cache: false as const }, { hedgeAfterMs: 1000 }]) {
    const model = scriptedModel(steps);
    const engine = new ChatEngine({ model, retry: { initialDelayMs: 0 }, ...options });
    await failureOf(engine.getResponse('hi', { signal }));
    await readAll(engine.streamResponse('ho', { signal }));
    await readAll(engine.streamResponse('ho', { signal }));
    await failureOf(readFirst(engine.streamResponse('he', { signal })));
    await new Promise((resolve) => setImmediate(resolve));
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    expect(model.running).toBe(0);
    expect(engine.status().inFlight).toBe(0);
  }
});

async function readFirst(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream) return;
}
