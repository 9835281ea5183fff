import { setTimeout as sleep } from 'node:timers/promises';
import { startProvider } from '@kortana/provider';
import { engineFor } from './engine.ts';
import { ask, type Outcome, Tally } from './outcomes.ts';

interface Asked {
  at: number;
  ms: number;
  /** Of this thread, in ms: more is time that others had the processor. */
  cpuMs: number;
  outcome: Outcome;
  wasOpen: boolean;
}

/**
 * The first provider is gone for `seconds`, and comes back in the middle of a pause of its breaker.
 * 20 requests a second.
 */
export async function outage(seconds: number, withFallback: boolean): Promise<string> {
  const recoveryTimeoutMs = (seconds / 7.5) * 1000;
  const first = await startProvider();
  const providers = withFallback ? [first, await startProvider()] : [first];
  const engine = engineFor(providers, { cache: false, circuitBreaker: { recoveryTimeoutMs } });
  const asked: Asked[] = [];
  const pending: Promise<void>[] = [];
  let number = 0;

  async function askFor(ms: number): Promise<void> {
    const end = performance.now() + ms;
    while (performance.now() < end) {
      pending.push(askOnce(number++));
      await sleep(50);
    }
  }

  async function askOnce(n: number): Promise<void> {
    const at = performance.now();
    const wasOpen = engine.llmCircuitBreaker.state === 'open';
    const cpuAt = process.threadCpuUsage();
    const outcome = await ask(engine, n, n % 2 === 0);
    const { user, system } = process.threadCpuUsage(cpuAt);
    const cpuMs = (user + system) / 1000;
    asked.push({ at, ms: performance.now() - at, cpuMs, outcome, wasOpen });
  }

  await askFor(1000);
  await first.down();
  await askFor(seconds * 1000);
  await first.up();
  const upAt = performance.now();
  await askFor(2 * recoveryTimeoutMs);
  await Promise.all(pending);
  await engine.shutdown({ timeoutMs: 1 });
  await Promise.all(providers.map((provider) => provider.close()));

  const tally = new Tally();
  for (const { outcome } of asked) tally.add(outcome);
  if (withFallback) return `${tally}`;
  const refusals = asked.filter(({ wasOpen, outcome }) => wasOpen && outcome === 'honest error');
  const longest = refusals.toSorted((a, b) => b.ms - a.ms)[0]!;
  const times = refusals.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const failures = asked.filter(({ outcome }) => outcome !== 'whole');
  const back = Math.max(...failures.map(({ at }) => at - upAt)) / 1000;
  return (
    `${tally}; ${times.length} refused while open: median ${ms(times, 0.5)}, 99 % ${ms(times, 0.99)}, ` +
    `longest ${longest.ms.toFixed(2)} ms (${longest.cpuMs.toFixed(2)} of them ours, the rest other processes'), ` +
    `over 5 ms: ${times.filter((one) => one > 5).length}; ` +
    `last failure ${back.toFixed(1)} s after its return, of a recovery time of ${recoveryTimeoutMs / 1000} s`
  );
}

const ms = (sorted: number[], share: number): string =>
  `${sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]?.toFixed(2)} ms`;
