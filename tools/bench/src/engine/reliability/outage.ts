import { setTimeout as sleep } from 'node:timers/promises';
import { startProvider } from '@kortana/provider';
import { engineFor } from './engine.ts';
import { ask, type Outcome, Tally } from './outcomes.ts';

interface Asked {
  at: number;
  ms: number;
  outcome: Outcome;
  wasOpen: boolean;
}

/** The first provider is gone for `seconds`; its breaker tries again after as long. 20 requests a second. */
export async function outage(seconds: number, withFallback: boolean): Promise<string> {
  const first = await startProvider();
  const providers = withFallback ? [first, await startProvider()] : [first];
  const engine = engineFor(providers, {
    cache: false,
    circuitBreaker: { recoveryTimeoutMs: seconds * 1000 },
  });
  const asked: Asked[] = [];
  const pending: Promise<void>[] = [];
  let number = 0;
  const start = performance.now();
  const ends = start + (2 * seconds + 4) * 1000;
  const downAt = start + 1000;
  const upAt = downAt + seconds * 1000;
  let state: 'before' | 'down' | 'after' = 'before';
  while (performance.now() < ends) {
    const now = performance.now();
    if (state === 'before' && now >= downAt) await first.down();
    if (state === 'down' && now >= upAt) await first.up();
    state = now >= upAt ? 'after' : now >= downAt ? 'down' : 'before';
    pending.push(askOnce(number++));
    await sleep(50);
  }
  await Promise.all(pending);

  async function askOnce(n: number): Promise<void> {
    const at = performance.now();
    const wasOpen = engine.llmCircuitBreaker.state === 'open';
    const outcome = await ask(engine, n, n % 2 === 0);
    asked.push({ at, ms: performance.now() - at, outcome, wasOpen });
  }

  const tally = new Tally();
  for (const { outcome } of asked) tally.add(outcome);
  const refusals = asked.filter(({ wasOpen, outcome }) => wasOpen && outcome === 'honest error');
  const times = refusals.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const lastFailure = Math.max(
    0,
    ...asked.filter(({ outcome }) => outcome !== 'whole').map(({ at }) => at),
  );
  await engine.shutdown({ timeoutMs: 1 });
  await Promise.all(providers.map((provider) => provider.close()));
  if (withFallback) return `${tally}`;
  const back = ((lastFailure - upAt) / 1000).toFixed(1);
  return (
    `${tally}; ${times.length} refused while open: median ${ms(times, 0.5)}, 99 % ${ms(times, 0.99)}, ` +
    `longest ${ms(times, 1)}, over 5 ms: ${times.filter((one) => one > 5).length}; ` +
    `last failure ${back} s after its return`
  );
}

const ms = (sorted: number[], share: number): string =>
  `${sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]?.toFixed(2)} ms`;
