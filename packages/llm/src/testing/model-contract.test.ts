import { startProvider } from '@kortana/provider';
import { describe, expect, test } from 'vitest';
import type { ChatModel } from '../chat-model.ts';
import { offlineModel } from '../offline/offline-model.ts';
import { openaiModel } from '../openai/openai-model.ts';
import { modelContract } from './model-contract.ts';

const subjectOf = (wrap: (model: ChatModel) => ChatModel) => async () => {
  const provider = await startProvider();
  return {
    model: wrap(openaiModel({ baseURL: provider.url, apiKey: 'test-key' })),
    fail: (fault?: string) => provider.fail(fault),
    hungUp: () => provider.nextAbort(),
    calls: () => provider.counts.calls,
    close: () => provider.close(),
  };
};

describe('offlineModel', () => {
  test.for(modelContract(() => ({ model: offlineModel() })))('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

describe('openaiModel', () => {
  test.for(modelContract(subjectOf((model) => model)))('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

describe('a model that hides what broke', () => {
  const dishonest = (model: ChatModel): ChatModel => ({
    id: model.id,
    provider: model.provider,
    scope: 'short',
    complete: (request, options) => model.complete(request, options),
    async *stream(request, options) {
      try {
        yield* model.stream(request, options);
      } catch {
        yield { type: 'finish', finishReason: 'stop', model: model.id, id: '' };
      }
    },
  });
  const caught = [
    'stream: clean-end is',
    'stream: cut is',
    'stream: stall is a TimeoutError TIMEOUT idle',
    'has a scope',
    'an abort in mid-stream',
  ];
  const cases = modelContract(subjectOf(dishonest)).filter(({ name }) =>
    caught.some((part) => name.includes(part)),
  );

  test.for(cases)('is caught: $name', async ({ run }) => {
    await expect(run()).rejects.toThrow();
  });

  test('is caught in each of these cases', () => {
    expect(cases).toHaveLength(caught.length);
  });
});
