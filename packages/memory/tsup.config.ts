import type { Options } from 'tsup';
import base from '../../tsup.base.ts';

export default {
  ...(base as Options),
  entry: {
    index: 'src/index.ts',
    'postgres/index': 'src/postgres/index.ts',
    'testing/index': 'src/testing/index.ts',
    // The thread that holds the file is a program of its own, and so is the one that rewrites it.
    'sqlite-worker': 'src/sqlite/worker.ts',
    'sqlite-rewrite': 'src/sqlite/rewrite.ts',
  },
};
