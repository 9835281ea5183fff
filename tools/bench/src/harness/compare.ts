import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Figures, Result, Scenario } from './scenario.ts';

const measure = fileURLToPath(new URL('./measure.ts', import.meta.url));

/**
 * Each candidate and round in a process of its own, and the candidates take turns: what happens to
 * the machine meanwhile happens to all of them.
 */
export async function compare(file: string, scenario: Scenario, rounds: number): Promise<Result> {
  const { name, unit, reach, floor } = scenario;
  const candidates = ['ours', ...Object.keys(scenario.peers), ...(floor ? ['floor'] : [])];
  const figures = new Map<string, number[]>(candidates.map((candidate) => [candidate, []]));
  for (let round = 0; round < rounds; round++) {
    for (const candidate of candidates) {
      figures.get(candidate)!.push(await inProcess([file, name, candidate]));
    }
  }
  const of = (candidate: string): Figures => figuresOf(figures.get(candidate)!);
  return {
    scenario: { name, ...(unit !== undefined && { unit }), ...(reach !== undefined && { reach }) },
    ours: of('ours'),
    peers: Object.fromEntries(Object.keys(scenario.peers).map((peer) => [peer, of(peer)])),
    ...(floor !== undefined && { floor: { what: floor.what, ...of('floor') } }),
  };
}

function inProcess(args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = fork(measure, args, {
      execArgv: ['--conditions=@kortana/source', '--expose-gc', '--no-warnings'],
      env: { ...process.env, NODE_ENV: 'production' },
    });
    let figure: number | undefined;
    child.on('message', (message: number) => (figure = message));
    child.on('error', reject);
    child.on('exit', (code) => {
      if (figure !== undefined && code === 0) resolve(figure);
      else reject(new Error(`${args.slice(1).join(': ')}: ended with ${code}`));
    });
  });
}

function figuresOf(all: number[]): Figures {
  const sorted = all.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median =
    sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}
