import type { Options } from 'tsup';
import base from '../../tsup.base.ts';

export default {
  ...(base as Options),
  entry: {
    index: 'src/index.ts',
    'postgres/index': 'src/postgres/index.ts',
    'testing/index': 'src/testing/index.ts',
    // The thread that holds the file is a program of its own.
    'sqlite-worker': 'src/sqlite/worker.ts',
  },
};
