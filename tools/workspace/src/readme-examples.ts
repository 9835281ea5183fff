import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transform } from 'esbuild';

export interface ReadmeExample {
  /** The heading it stands under, and its place. */
  title: string;
  /** Resolves with what it printed, and what its `// →` comments say it prints. */
  run(): Promise<{ printed: string[]; promised: string[] }>;
}

const fence = /^```ts(?<flags>[^\n]*)\n(?<code>[\s\S]*?)^```$/gm;

/**
 * The TypeScript examples of a README, by default the one of the package whose test asks
 * (`from` is that test's `import.meta.url`). Each runs as a program of its own, on the sources, as a user
 * would run it. A comment `// → text` promises a printed line; all such, in order, must be what
 * the program prints. A block fenced ` ```ts no-run ` is left out.
 */
export function readmeExamples(from: string, file = 'README.md'): ReadmeExample[] {
  const root = dirname(dirname(fileURLToPath(from)));
  const readme = readFileSync(join(root, file), 'utf8');
  return [...readme.matchAll(fence)]
    .filter((match) => !match.groups!['flags']!.includes('no-run'))
    .map((match, index) => {
      const code = match.groups!['code']!;
      const heading =
        readme
          .slice(0, match.index)
          .match(/^#+ .*$/gm)
          ?.at(-1) ?? 'README';
      return {
        title: `${heading.replace(/^#+ /, '')} (example ${index + 1})`,
        run: async () => ({
          printed: await runExample(root, index, code),
          promised: [...code.matchAll(/\/\/ → (.*)$/gm)].map((promise) => promise[1]!.trimEnd()),
        }),
      };
    });
}

async function runExample(root: string, index: number, code: string): Promise<string[]> {
  // Inside the package, so that its own name and its dependencies resolve as for a user.
  const folder = join(root, '.readme');
  const file = join(folder, `example-${index}-${process.pid}.mjs`);
  mkdirSync(folder, { recursive: true });
  const { code: js } = await transform(code, { loader: 'ts', target: 'node22', format: 'esm' });
  writeFileSync(file, js);
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=@kortana/source', file],
      { timeout: 20_000, env: { PATH: process.env['PATH'], HOME: process.env['HOME'] } },
    );
    return stdout.split('\n').slice(0, -1);
  } finally {
    rmSync(file, { force: true });
  }
}
