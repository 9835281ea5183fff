import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProvider } from '@kortana/provider';
import { engineFor } from './engine.ts';
import { dice, failing } from './faults.ts';
import { ask, inParallel, Tally } from './outcomes.ts';

/**
 * Very many requests, 3 % of the calls fail, three in ten questions were asked before; the heap is
 * looked at after each tenth, and so are the listeners on the one signal that all requests share.
 */
export async function soak(requests: number): Promise<string> {
  const random = dice(7);
  const script = failing(0.03, random);
  const providers = [await startProvider({ script }), await startProvider({ script })];
  // Not hurried: a hundred at a time are slow on a small machine, and that is no fault.
  const timeouts = { firstTokenMs: 2000, idleMs: 2000, attemptMs: 5000 };
  const engine = engineFor(providers, { timeouts });
  const { signal } = new AbortController();
  const tally = new Tally();
  const heap: number[] = [];
  const listeners: number[] = [];
  for (let tenth = 0; tenth < 10; tenth++) {
    await inParallel(requests / 10, 100, async (i) => {
      const isKnown = random() < 0.3;
      const number = isKnown ? Math.floor(random() * 50) : 100 + tenth * requests + i;
      const outcome = await ask(engine, number, i % 2 === 0, signal);
      tally.add(outcome);
      // As a caller would: who was refused comes back later.
      if (outcome === 'honest error') await sleep(50);
    });
    globalThis.gc?.();
    heap.push(process.memoryUsage().heapUsed / 2 ** 20);
    listeners.push(getEventListeners(signal, 'abort').length);
  }
  const sources = Object.entries(engine.metrics.getCounters())
    .filter(([name]) => name.startsWith('source_'))
    .map(([name, count]) => `${name.slice(7)} ${count}`);
  await engine.shutdown();
  await Promise.all(providers.map((provider) => provider.close()));
  // The client keeps idle connections for four seconds.
  await sleep(5000);
  return (
    `${tally}; ${sources.join(', ')}; heap in MB after each tenth: ` +
    `${heap.map((mb) => mb.toFixed(1)).join(' ')}; listeners on the shared signal: ${listeners.join(' ')}; ` +
    `timers and sockets at the end: ${resources()}`
  );
}

/** Of the whole process: the provider's are among them. */
function resources(): number {
  const kept = /Timeout|Immediate|TCP|TLS|FSReqCallback/;
  return process.getActiveResourcesInfo().filter((name) => kept.test(name)).length;
}
