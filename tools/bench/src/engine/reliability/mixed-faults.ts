import { setTimeout as sleep } from 'node:timers/promises';
import { startProvider } from '@kortana/provider';
import { engineFor } from './engine.ts';
import { dice, failing } from './faults.ts';
import { ask, Tally } from './outcomes.ts';

/** 30 % of the calls of every provider fail; half of the requests are streamed; 200 come in a second. */
export async function mixedFaults(requests: number, providers: number): Promise<string> {
  const all = await Promise.all(
    Array.from({ length: providers }, (_, i) =>
      startProvider({ script: failing(0.3, dice(i + 1)) }),
    ),
  );
  const engine = engineFor(all, { cache: false });
  const tally = new Tally();
  const codes = new Map<string, number>();
  engine.on('event', (notice) => {
    if (notice.type !== 'failure') return;
    codes.set(notice.code, (codes.get(notice.code) ?? 0) + 1);
  });
  const pending: Promise<void>[] = [];
  for (let number = 0; number < requests; number++) {
    pending.push(ask(engine, number, number % 2 === 0).then((outcome) => tally.add(outcome)));
    await sleep(5);
  }
  await Promise.all(pending);
  const calls = all.reduce((sum, { counts }) => sum + counts.calls, 0);
  const { retries = 0, recoveries = 0, failovers = 0 } = engine.metrics.getCounters();
  await engine.shutdown({ timeoutMs: 1 });
  await Promise.all(all.map((provider) => provider.close()));
  const why = [...codes]
    .toSorted(([, a], [, b]) => b - a)
    .map(([code, count]) => `${code} ${count}`);
  return (
    `${tally}; ${calls} calls, ${retries} retries, ${failovers} failovers, ${recoveries} recoveries; ` +
    `errors: ${why.join(', ')}`
  );
}
