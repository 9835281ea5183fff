import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageFiles } from './new-package.ts';
import { workspacePackages, workspaceRoot } from './packages.ts';

const files = packageFiles({ name: 'new', layer: 3, description: 'New' });

describe.each(workspacePackages().filter(({ manifest }) => !manifest.private))(
  '$folder',
  ({ folder, manifest }) => {
    test('has the files that a new package gets', () => {
      const missing = Object.keys(files)
        .filter((file) => !file.startsWith('src/hello'))
        .filter((file) => !existsSync(join(workspaceRoot, folder, file)));
      expect(missing).toEqual([]);
    });

    test('has the targets and the entry that a new package gets', () => {
      const model = JSON.parse(files['package.json']!);
      expect(Object.keys(manifest)).toEqual(expect.arrayContaining(Object.keys(model)));
      expect(manifest).toMatchObject({
        type: model.type,
        engines: model.engines,
        license: model.license,
        exports: model.exports,
        nx: { targets: model.nx.targets },
      });
    });

    test('runs the examples of its README', () => {
      expect(readFileSync(join(workspaceRoot, folder, 'test/readme.test.ts'), 'utf8')).toBe(
        files['test/readme.test.ts'],
      );
    });
  },
);
