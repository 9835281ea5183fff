import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readReports } from './reports.ts';

function folderOf(reports: object[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'kortana-reports-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [i, report] of reports.entries())
    writeFileSync(join(folder, `${i}.json`), JSON.stringify(report));
  return folder;
}

const report = (counts: number[], results: object[] = []) => ({
  numPassedTests: counts[0],
  numFailedTests: counts[1],
  numPendingTests: counts[2],
  numTodoTests: 0,
  testResults: [{ assertionResults: results }],
});

test('adds up what all projects counted', () => {
  expect(readReports(folderOf([report([3, 1, 0]), report([4, 0, 2])]))).toEqual({
    passed: 7,
    failed: 1,
    skipped: 2,
    skipReasons: [],
  });
});

test('tells once why tests of one group were skipped', () => {
  const result = (status: string) => ({ status, ancestorTitles: ['no Redis here'], title: 't' });
  const alone = { status: 'skipped', ancestorTitles: [], title: 'alone' };
  const results = [result('skipped'), result('skipped'), result('passed'), alone];
  expect(readReports(folderOf([report([1, 0, 3], results)])).skipReasons).toEqual([
    'no Redis here',
    'alone',
  ]);
});
