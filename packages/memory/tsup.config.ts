import base from '../../tsup.base.ts';

export default {
  ...base,
  entry: { index: 'src/index.ts', 'testing/index': 'src/testing/index.ts' },
};
