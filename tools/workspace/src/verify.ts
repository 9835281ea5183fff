/**
 * Everything that must be green, in one command: `pnpm test`. Goes on after a failure, so that one
 * run tells all that is wrong, and ends with the counts of tests and gates.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from './packages.ts';
import { readReports } from './reports.ts';

interface Gate {
  name: string;
  command: string;
}

// One after the other: lint and types keep both cores busy, so side by side they gain nothing.
const gates: Gate[] = [
  { name: 'format', command: 'oxfmt --check' },
  { name: 'lint', command: 'oxlint --type-aware --deny-warnings' },
  { name: 'types', command: 'tsc -p .' },
  { name: 'unused', command: 'knip --no-progress' },
  { name: 'tests', command: 'nx run-many -t test --output-style=static' },
  { name: 'packages', command: 'nx run-many -t build pack install --output-style=static' },
];

const reports = join(workspaceRoot, '.reports');
const started = performance.now();
// A report that is still there afterwards was made, or restored from the cache, by this run.
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports);

const failed = gates.filter((gate) => !passes(gate)).map(({ name }) => name);

const tests = readReports(reports);
for (const reason of tests.skipReasons) console.log(`SKIPPED: ${reason}`);
const skipped = tests.skipped > 0 ? `, ${tests.skipped} skipped` : '';
const summary =
  `${tests.passed + gates.length - failed.length} passed, ` +
  `${tests.failed + failed.length} failed${skipped}`;
writeFileSync(join(reports, 'summary.txt'), `${summary}\n`);

console.log(
  `\n${tests.passed + tests.failed} tests and ${gates.length} gates in ${seconds(started)}` +
    (failed.length > 0 ? `; failed: ${failed.join(', ')}` : ''),
);
console.log(summary);
process.exitCode = failed.length > 0 ? 1 : 0;

function passes({ name, command }: Gate): boolean {
  const began = performance.now();
  process.stdout.write(name.padEnd(10));
  const { status, stdout, stderr } = spawnSync(command, {
    cwd: workspaceRoot,
    shell: true,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    env: { ...process.env, NX_TUI: 'false', FORCE_COLOR: '0' },
  });
  const ok = status === 0;
  console.log(`${ok ? 'ok' : 'FAILED'}  ${seconds(began)}`);
  if (!ok) console.log(`\n$ ${command}\n${stdout}${stderr}`);
  return ok;
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
