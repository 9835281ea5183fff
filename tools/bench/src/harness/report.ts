import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Figures, Result } from './scenario.ts';

/** The best peer is the one with the lowest median: all that is measured is better when lower. */
export function bestPeer({ peers }: Result): [name: string, figures: Figures] | undefined {
  return Object.entries(peers).toSorted(([, a], [, b]) => a.median - b.median)[0];
}

export function row(result: Result): string {
  const best = bestPeer(result);
  const { name, unit = 'ns/op', reach } = result.scenario;
  const ratio = best === undefined ? '' : (result.ours.median / best[1].median).toFixed(2);
  const peers = Object.entries(result.peers)
    .toSorted(([, a], [, b]) => a.median - b.median)
    .map(([peer, figures]) => `${peer} ${show(figures)}`)
    .join(', ');
  const { floor } = result;
  const above = floor && (result.ours.median / floor.median).toFixed(1);
  const least = floor ? `${digits(floor.median)}, ${floor.what} (×${above})` : '';
  const cells = [name, unit, show(result.ours), ratio, reach ?? '', least, peers];
  return `| ${cells.join(' | ')} |`;
}

export const header = [
  '| work | unit | ours | ratio to the best peer | aim | floor (ours) | peers, best first |',
  '|---|---|---|---|---|---|---|',
].join('\n');

export function report(group: string, results: Result[], rounds: number): string {
  return `# Benchmarks: ${group}

Made by \`pnpm bench ${group}\`; medians of ${rounds} rounds (least–most in brackets), every round of every
candidate in a process of its own, taking turns. Lower is better; times are CPU time. The floor is the
least that anyone must do on this machine, and how many times that ours takes.

${conditions()}

${header}
${results.map(row).join('\n')}
`;
}

function conditions(): string {
  const date = new Date().toISOString().slice(0, 10);
  return `${date} · Node ${process.version} · ${process.platform} ${process.arch} · ${cpus().length} × ${cpus()[0]!.model.trim()}\n\nPeers: ${peerVersions()}.`;
}

function peerVersions(): string {
  const file = new URL('../../package.json', import.meta.url);
  const { dependencies } = JSON.parse(readFileSync(file, 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return Object.entries(dependencies)
    .filter(([name]) => !name.startsWith('@kortana/'))
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}

function show({ median, min, max }: Figures): string {
  return `${digits(median)} (${digits(min)}–${digits(max)})`;
}

function digits(value: number): string {
  return value >= 10 ? value.toFixed(0) : value.toPrecision(2);
}
