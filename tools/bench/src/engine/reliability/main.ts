/**
 * node --expose-gc --conditions=@kortana/source tools/bench/src/engine/reliability/main.ts [part …]
 *
 * The engine against providers that fail, over real HTTP. Parts: faults, outage, load, soak; all of
 * them take some six minutes and are kept in `results/engine-reliability.md`.
 */
import { writeFileSync } from 'node:fs';
import { retryLoad } from './load.ts';
import { mixedFaults } from './mixed-faults.ts';
import { outage } from './outage.ts';
import { soak } from './soak.ts';

const parts: Record<string, [title: string, run: () => Promise<string>][]> = {
  faults: [
    ['30 % of the calls fail, one provider, 5,000 requests', () => mixedFaults(5000, 1)],
    ['30 % of the calls fail, two providers, 5,000 requests', () => mixedFaults(5000, 2)],
  ],
  outage: [
    ['60 s without the first provider, with a fallback', () => outage(60, true)],
    ['60 s without the only provider', () => outage(60, false)],
  ],
  load: [['calls for each request in an outage of 20 s, no breaker', () => retryLoad(20)]],
  soak: [['200,000 requests, 3 % of the calls fail', () => soak(200_000)]],
};

const chosen = process.argv.slice(2);
const lines: string[] = [];
for (const [name, runs] of Object.entries(parts)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  for (const [title, run] of runs) {
    const line = `- **${title}**: ${await run()}`;
    console.log(line);
    lines.push(line);
  }
}
if (chosen.length === 0) {
  const made =
    'Made by `node --expose-gc --conditions=@kortana/source tools/bench/src/engine/reliability/main.ts`.';
  const text = `# Reliability of the engine\n\n${made}\n\n${lines.join('\n')}\n`;
  writeFileSync(new URL('../../../results/engine-reliability.md', import.meta.url), text);
}
