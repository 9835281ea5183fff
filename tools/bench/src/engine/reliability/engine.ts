import { ChatEngine, type ChatEngineOptions } from '@kortana/engine';
import { openaiModel } from '@kortana/llm';
import type { Provider } from '@kortana/provider';

/** Limits and pauses are a hundredth, so that a run ends today; what depends on them is the same. */
const hurried: ChatEngineOptions = {
  retry: { initialDelayMs: 10, maxDelayMs: 600, maxRetryAfterMs: 100 },
  circuitBreaker: { recoveryTimeoutMs: 600 },
  timeouts: { firstTokenMs: 200, idleMs: 200, attemptMs: 600, totalMs: 5000 },
};

/** An engine whose models are these providers, in order. */
export function engineFor(providers: Provider[], options: ChatEngineOptions = {}): ChatEngine {
  return new ChatEngine({
    model: providers.map(({ url }, i) =>
      openaiModel({ baseURL: url, apiKey: `key-${i}`, model: `model-${i}` }),
    ),
    memory: false,
    ...hurried,
    ...options,
  });
}
