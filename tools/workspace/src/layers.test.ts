import { existsSync, globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { workspacePackages, workspaceRoot, type WorkspacePackage } from './packages.ts';

const packages = workspacePackages();
const byName = new Map(packages.map((member) => [member.manifest.name, member]));

/** Static and dynamic imports and re-exports of a source text. */
function importsOf(source: string): string[] {
  // At the start of a line only: this house's own generators carry imports in their templates.
  const withoutComments = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const statement =
    /^\s*(?:import|export|\})(?:[^'`\n]*\bfrom)?\s*'([^'\n]+)'|\bimport\(\s*'([^'$]+)'/gm;
  return [...withoutComments.matchAll(statement)].map((match) => match[1] ?? match[2]!);
}

function filesOf(member: WorkspacePackage): string[] {
  return globSync(`${member.folder}/{src,test,bench}/**/*.ts`, { cwd: workspaceRoot });
}

const packageNameOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const isShipped = (file: string) =>
  /\/src\//.test(file) && !/\.(test|test-d|bench)\.ts$/.test(file);

describe.each(packages)('$folder', (member) => {
  const { manifest, folder, layer } = member;
  const shipped = {
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...manifest.optionalDependencies,
  };
  const declared = { ...shipped, ...manifest.devDependencies };

  test('says on which floor it stands', () => {
    expect(layer).not.toBeNaN();
  });

  test('has a README and, if it is published, a description', () => {
    expect(existsSync(join(workspaceRoot, folder, 'README.md'))).toBe(true);
    expect(manifest).toHaveProperty('description');
  });

  test('imports only what it declares, and its neighbours only from below', () => {
    const wrong: string[] = [];
    for (const file of filesOf(member)) {
      for (const specifier of importsOf(readFileSync(join(workspaceRoot, file), 'utf8'))) {
        if (isBuiltin(specifier)) continue;
        if (specifier.startsWith('.')) {
          const target = resolve(workspaceRoot, dirname(file), specifier);
          if (relative(join(workspaceRoot, folder), target).startsWith('..'))
            wrong.push(`${file} reaches out of its package: ${specifier}`);
          continue;
        }
        const name = packageNameOf(specifier);
        if (name === manifest.name) continue;
        // Tests and benchmarks may use what the workspace's root declares.
        const allowed = isShipped(file) ? shipped : { ...declared, vitest: '', vite: '' };
        if (!(name in allowed)) wrong.push(`${file} imports ${name}, which is not declared`);
        const neighbour = byName.get(name);
        if (neighbour && isShipped(file) && !(neighbour.layer < layer) && layer !== Infinity)
          wrong.push(`${file} imports ${name}, which does not stand below it`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('declares no neighbour that does not stand below it', () => {
    const above = Object.keys(manifest.dependencies ?? {})
      .map((name) => byName.get(name))
      .filter((neighbour) => neighbour && layer !== Infinity && !(neighbour.layer < layer));
    expect(above.map((neighbour) => neighbour!.folder)).toEqual([]);
  });
});

test('finds an import in each of its spellings', () => {
  const source = `
    import a from 'node:fs';
    import type { B } from 'node:path';
    export * from 'node:os';
    import 'node:url';
    const e = await import('node:util');
    // import 'node:net';
  `;
  expect(importsOf(source)).toEqual(['node:fs', 'node:path', 'node:os', 'node:url', 'node:util']);
});
