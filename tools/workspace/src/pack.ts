import { execFileSync } from 'node:child_process';

/** The pnpm that runs us, or the pinned one when a check is started without it. */
const runner = process.env['npm_execpath'] ?? '';
const [pnpm = 'pnpm', ...pnpmArguments] = /pnpm[^/\\]*$/.test(runner)
  ? [runner]
  : ['npx', '-y', 'pnpm@12.21.0'];

/**
 * Packs a built package as it would be published and returns the tarball's path.
 * pnpm, not npm: it replaces `workspace:` and `catalog:` by real versions.
 */
export function packPackage(root: string, destination: string): string {
  const output = execFileSync(
    pnpm,
    [...pnpmArguments, 'pack', '--json', '--pack-destination', destination],
    { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  return (JSON.parse(output) as { filename: string }).filename;
}
