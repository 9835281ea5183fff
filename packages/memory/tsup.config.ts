import { readFileSync } from 'node:fs';
import { build, type Options } from 'tsup';
import base from '../../tsup.base.ts';

const common = base as Options;
const stemmersLicense = readFileSync(new URL('license', import.meta.resolve('stemmer')), 'utf8');

export default {
  ...common,
  entry: {
    index: 'src/index.ts',
    'postgres/index': 'src/postgres/index.ts',
    'testing/index': 'src/testing/index.ts',
  },
  onSuccess: () => build(threads),
} satisfies Options;

/**
 * The thread that holds the file is a program of its own, and so is the one that rewrites it. Each in
 * one piece, and CommonJS: an ES module, and one more package to find, take a sixth of the time in
 * which a file is opened.
 */
const threads: Options = {
  ...common,
  config: false,
  clean: false,
  entry: { 'sqlite-worker': 'src/sqlite/worker.ts', 'sqlite-rewrite': 'src/sqlite/rewrite.ts' },
  format: 'cjs',
  splitting: false,
  noExternal: ['stemmer'],
  banner: { js: `/*\nContains the package stemmer.\n\n${stemmersLicense}*/` },
};
