import { readdirSync, existsSync } from 'node:fs';
import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

/** Every folder that holds a package is a test project, named as its package is for Nx. */
const projects = ['packages', 'apps', 'tools'].flatMap((group) =>
  existsSync(group)
    ? readdirSync(group)
        .filter((name) => existsSync(`${group}/${name}/package.json`))
        .map((name) => ({
          extends: true as const,
          root: `${group}/${name}`,
          test: { name },
        }))
    : [],
);

export default defineConfig({
  // Tests run on the sources of the neighbour packages: nothing has to be built first.
  ssr: { resolve: { conditions: ['@kortana/source', ...defaultServerConditions] } },
  test: {
    projects,
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    typecheck: { include: ['src/**/*.test-d.ts'] },
    environment: 'node',
    restoreMocks: true,
    // A part that prints is a part that annoys: a print fails the test.
    onConsoleLog: (log) => {
      throw new Error(`A test printed to the console: ${log}`);
    },
    testTimeout: 30_000,
  },
});
