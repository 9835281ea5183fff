/**
 * Checks one built package as its users will get it: what is in the tarball, whether its exports
 * resolve (publint), and whether types and code agree (are the types wrong).
 * Usage: node check-tarball.ts packages/perf
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { packPackage } from './pack.ts';

const root = resolve(process.argv[2] ?? '.');
const folder = mkdtempSync(join(tmpdir(), 'kortana-tarball-'));
const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

try {
  const tarball = packPackage(root, folder);
  const files = run('tar', 'tzf', tarball).trim().split('\n');
  for (const needed of ['package/README.md', 'package/LICENSE', 'package/dist/index.js'])
    if (!files.includes(needed)) throw new Error(`${needed} is missing from the tarball`);
  const stray = files.filter((file) => /\/src\/|\/test\/|\.test\.|\.bench\./.test(file));
  if (stray.length > 0) throw new Error(`The tarball carries what users don't need: ${stray}`);
  run('publint', tarball, '--strict');
  run('attw', tarball, '--profile', 'esm-only');
  console.log(`${files.length} files, all sound`);
} catch (error) {
  if (error instanceof Error && 'stdout' in error) console.error(error.stdout);
  throw error;
} finally {
  rmSync(folder, { recursive: true });
}
