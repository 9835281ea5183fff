/**
 * Makes a new package of the house: `pnpm new-package queue 3 "Jobs that survive a restart"`.
 * Then declare its dependencies, and `pnpm install`.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { workspaceRoot } from './packages.ts';

export interface NewPackage {
  /** In kebab-case, without the scope: `queue`. */
  name: string;
  /** The floor it stands on; it may import from lower ones only. */
  layer: number;
  /** One sentence: what it is. */
  description: string;
}

/** The files of a package that does nothing yet but passes every gate, by their path in it. */
export function packageFiles({ name, layer, description }: NewPackage): Record<string, string> {
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return {
    'package.json': json({
      name: `@kortana/${name}`,
      version: '0.1.0',
      description,
      keywords: ['kortana', name],
      license: 'MIT',
      files: ['dist'],
      type: 'module',
      sideEffects: false,
      exports: {
        '.': {
          '@kortana/source': './src/index.ts',
          types: './dist/index.d.ts',
          default: './dist/index.js',
        },
        './package.json': './package.json',
      },
      publishConfig: { access: 'public' },
      devDependencies: { '@kortana/workspace-tools': 'workspace:*' },
      engines: { node: '>=22.12' },
      nx: {
        name,
        tags: [`layer:${layer}`],
        targets: { build: {}, typecheck: {}, test: {}, bench: {}, pack: {} },
      },
    }),
    'tsconfig.json': json({
      extends: '../../tsconfig.base.json',
      include: ['src', 'test', '*.ts'],
    }),
    'tsconfig.build.json': json({
      extends: '../../tsconfig.base.json',
      compilerOptions: {
        noEmit: false,
        emitDeclarationOnly: true,
        declaration: true,
        rootDir: 'src',
        outDir: 'dist',
        customConditions: [],
      },
      include: ['src'],
      exclude: ['src/**/*.test.ts', 'src/**/*.test-d.ts', 'src/**/*.bench.ts'],
    }),
    'tsup.config.ts': `export { default } from '../../tsup.base.ts';\n`,
    'README.md': `# @kortana/${name}\n\n${description}.\n\n## Example\n\n\`\`\`ts\nimport { hello } from '@kortana/${name}';\n\nconsole.log(hello()); // → hello\n\`\`\`\n`,
    'src/index.ts': `export { hello } from './hello.ts';\n`,
    'src/hello.ts': `/** The first concept of this package: rename it, and say what it is. */\nexport const hello = () => 'hello';\n`,
    'src/hello.test.ts': `import { expect, test } from 'vitest';\nimport { hello } from './hello.ts';\n\ntest('greets', () => {\n  expect(hello()).toBe('hello');\n});\n`,
    'test/readme.test.ts': `import { readmeExamples } from '@kortana/workspace-tools';\nimport { expect, test } from 'vitest';\n\ntest.for(readmeExamples(import.meta.url))('README: $title', async (example) => {\n  const { printed, promised } = await example.run();\n  expect(printed).toEqual(promised);\n});\n`,
  };
}

if (import.meta.main) {
  const [name, layer, description] = process.argv.slice(2);
  if (
    !name ||
    !/^[a-z][a-z0-9-]*$/.test(name) ||
    !Number.isInteger(Number(layer)) ||
    !description
  ) {
    console.error('Usage: pnpm new-package <name-in-kebab-case> <layer> "<one sentence>"');
    process.exit(2);
  }
  const root = join(workspaceRoot, 'packages', name);
  if (existsSync(root)) {
    console.error(`packages/${name} is there already; choose another name or remove it first`);
    process.exit(1);
  }
  for (const [file, text] of Object.entries(
    packageFiles({ name, layer: Number(layer), description }),
  )) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  console.log(`packages/${name} stands. Next: pnpm install, then nx test ${name}`);
}
