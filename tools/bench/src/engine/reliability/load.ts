import { setTimeout as sleep } from 'node:timers/promises';
import { startProvider } from '@kortana/provider';
import { engineFor } from './engine.ts';
import { ask } from './outcomes.ts';

/** Every call fails, and no breaker stops them: what the retries alone make of it. */
export async function retryLoad(seconds: number): Promise<string> {
  const provider = await startProvider({ fault: '503' });
  const engine = engineFor([provider], {
    cache: false,
    circuitBreaker: { failureThreshold: Number.MAX_SAFE_INTEGER },
  });
  const start = performance.now();
  const firstSeconds = 3000;
  let requests = 0;
  let before = { requests: 0, calls: 0 };
  const pending: Promise<unknown>[] = [];
  while (performance.now() - start < seconds * 1000) {
    if (performance.now() - start < firstSeconds) {
      before = { requests, calls: provider.counts.calls };
    }
    pending.push(ask(engine, requests++, requests % 2 === 0));
    await sleep(5);
  }
  await Promise.all(pending);
  const calls = provider.counts.calls - before.calls;
  const asked = requests - before.requests;
  await engine.shutdown({ timeoutMs: 1 });
  await provider.close();
  return `${asked} requests made ${calls} calls: × ${(calls / asked).toFixed(3)} (after the first 3 s)`;
}
