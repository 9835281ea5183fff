/**
 * Installs the tarballs of all packages into an empty folder with npm, as a user would, and then
 * imports, requires and tries each of them there.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packPackage } from './pack.ts';
import { workspacePackages, workspaceRoot } from './packages.ts';

const published = workspacePackages().filter(({ manifest }) => !manifest.private);
const folder = mkdtempSync(join(tmpdir(), 'kortana-install-'));
const inFolder = (command: string, ...args: string[]) =>
  execFileSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });

try {
  const tarballs = published.map(({ folder: root }) =>
    packPackage(join(workspaceRoot, root), folder),
  );
  writeFileSync(join(folder, 'package.json'), '{ "name": "empty", "private": true }\n');
  // What an entry of a package needs and its README asks the user to install beside it.
  const peers = published.flatMap(({ manifest }) =>
    Object.entries(manifest.peerDependencies ?? {}).map(([name, range]) => `${name}@${range}`),
  );
  inFolder('npm', 'install', '--no-audit', '--no-fund', '--loglevel=error', ...tarballs, ...peers);

  for (const { manifest } of published) {
    for (const entry of Object.keys(manifest.exports ?? {})) {
      if (entry.endsWith('.json')) continue;
      const specifier = join(manifest.name, entry);
      const names = inFolder(
        process.execPath,
        '--input-type=module',
        '-e',
        `import { createRequire } from 'node:module';
         const imported = Object.keys(await import('${specifier}')).sort();
         const required = Object.keys(createRequire(process.cwd() + '/x.js')('${specifier}'));
         const missing = imported.filter((name) => !required.includes(name));
         if (imported.length === 0 || missing.length > 0)
           throw new Error('import and require differ: ' + missing);
         console.log(imported.length);`,
      );
      console.log(`${specifier}: ${names.trim()} names, by import and by require`);
    }
    runExamples(manifest.name);
  }
} finally {
  rmSync(folder, { recursive: true });
}

/** The first example of each README runs on the installed package, too. */
function runExamples(name: string) {
  const readme = readFileSync(join(folder, 'node_modules', name, 'README.md'), 'utf8');
  const code = readme.match(/^```ts\n([\s\S]*?)^```$/m)?.[1];
  if (!code) throw new Error(`${name}: its README has no example that runs`);
  const file = join(folder, 'example.ts');
  writeFileSync(file, code);
  inFolder(process.execPath, file);
}
