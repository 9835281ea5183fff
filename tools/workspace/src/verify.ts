/**
 * Everything that must be green, in one command: `pnpm test`. Goes on after a failure, so that one
 * run tells all that is wrong, and ends with the counts of tests and gates.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from './packages.ts';

interface Gate {
  name: string;
  command: string;
}

const gates: Gate[] = [
  { name: 'format', command: 'oxfmt --check' },
  { name: 'lint', command: 'oxlint --type-aware --deny-warnings' },
  { name: 'types', command: 'tsc -p .' },
  { name: 'unused', command: 'knip --no-progress' },
  { name: 'tests', command: 'nx run-many -t test --output-style=static' },
  { name: 'build', command: 'nx run-many -t build --output-style=static' },
  { name: 'tarballs', command: 'nx run-many -t pack install --output-style=static' },
];

const reports = join(workspaceRoot, '.reports');
const started = performance.now();
// A report that is still there afterwards was made, or restored from the cache, by this run.
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports);

const failed = gates.filter((gate) => !passes(gate));
const counts = countTests();
const summary = `${counts.passed + gates.length - failed.length} passed, ${counts.failed + failed.length} failed`;
const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
writeFileSync(join(reports, 'summary.txt'), `${summary}${skipped}\n`);

console.log(
  `\n${counts.passed + counts.failed} tests and ${gates.length} gates in ${seconds(started)}` +
    (failed.length > 0 ? `; failed: ${failed.map(({ name }) => name).join(', ')}` : ''),
);
console.log(`${summary}${skipped}`);
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
  else for (const line of stdout.matchAll(/^SKIPPED: .*$/gm)) console.log(`          ${line[0]}`);
  return ok;
}

function countTests() {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  if (!existsSync(reports)) return sum;
  for (const file of globSync('*.json', { cwd: reports })) {
    const report = JSON.parse(readFileSync(join(reports, file), 'utf8')) as {
      numPassedTests: number;
      numFailedTests: number;
      numPendingTests: number;
      numTodoTests: number;
    };
    sum.passed += report.numPassedTests;
    sum.failed += report.numFailedTests;
    sum.skipped += report.numPendingTests + report.numTodoTests;
  }
  return sum;
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
