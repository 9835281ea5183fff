import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What vitest's JSON reports of all projects say together. */
export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
  /** The titles, each once, in which skipped tests say why they can't run here. */
  skipReasons: string[];
}

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: {
    assertionResults: { status: string; ancestorTitles: string[]; title: string }[];
  }[];
}

export function readReports(folder: string): TestCounts {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const reasons = new Set<string>();
  for (const file of globSync('*.json', { cwd: folder })) {
    const report = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Report;
    counts.passed += report.numPassedTests;
    counts.failed += report.numFailedTests;
    counts.skipped += report.numPendingTests + report.numTodoTests;
    for (const { assertionResults } of report.testResults)
      for (const { status, ancestorTitles, title } of assertionResults)
        if (status === 'skipped' || status === 'pending') reasons.add(ancestorTitles[0] ?? title);
  }
  return { ...counts, skipReasons: [...reasons] };
}
