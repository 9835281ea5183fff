/** Run as a process: measures one candidate once, and sends the figure to the parent. */
import type { Scenario, Work } from './scenario.ts';

let kept: unknown;
const [file, name, candidate] = process.argv.slice(2) as [string, string, string];
const { scenarios } = (await import(file)) as { scenarios: Scenario[] };
const scenario = scenarios.find((one) => one.name === name)!;
const { ours, peers, floor } = scenario;
const make = { ...peers, ours, floor: floor?.work }[candidate]!;
const work = await make();
process.send!('measure' in work ? await work.measure() : await nanosecondsPerOp(work));
process.disconnect();

async function nanosecondsPerOp(work: Extract<Work, { ops: number }>): Promise<number> {
  await runFor(work, 300); // until the optimizing compiler is done
  globalThis.gc?.();
  return runFor(work, 700);
}

/** @param ms of CPU time: a busy neighbour makes it last longer, not worse */
async function runFor({ ops, run }: Extract<Work, { ops: number }>, ms: number): Promise<number> {
  let runs = 0;
  let used = 0;
  const start = process.cpuUsage();
  while (used < ms * 1000) {
    keep(await run());
    // As in a server, work comes in many turns of the event loop, not in one endless one.
    await new Promise(setImmediate);
    runs++;
    const { user, system } = process.cpuUsage(start);
    used = user + system;
  }
  return (used * 1000) / (runs * ops);
}

function keep(value: unknown): void {
  kept = value;
  if (kept === keep) process.exitCode = 1;
}
