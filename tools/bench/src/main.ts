/**
 * pnpm bench <group> [words] [--rounds=7]
 *
 * Runs the scenarios of a group (a folder beside this file) whose names contain the words. A run of
 * the whole group is kept in `results/<group>.md`.
 */
import { existsSync, globSync, mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compare } from './harness/compare.ts';
import { header, report, row } from './harness/report.ts';
import type { Result, Scenario } from './harness/scenario.ts';

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '7' } },
  allowPositionals: true,
});
const [group = '', ...words] = positionals;
const folder = new URL(`./${group}/`, import.meta.url);
const rounds = Number(values.rounds);
if (group === '' || group === 'harness' || !existsSync(folder) || !(rounds >= 1)) {
  console.error('Usage: pnpm bench <group> [words of a scenario] [--rounds=7]');
  process.exit(2);
}

const results: Result[] = [];
console.log(header);
for (const name of globSync('*.scenarios.ts', { cwd: folder }).toSorted()) {
  const file = new URL(name, folder).href;
  const { scenarios } = (await import(file)) as { scenarios: Scenario[] };
  for (const scenario of scenarios) {
    if (!words.every((word) => scenario.name.includes(word))) continue;
    const result = await compare(file, scenario, rounds);
    console.log(row(result));
    results.push(result);
  }
}
if (words.length === 0) {
  const kept = new URL('../results/', import.meta.url);
  mkdirSync(kept, { recursive: true });
  writeFileSync(new URL(`${group}.md`, kept), report(group, results, rounds));
}
