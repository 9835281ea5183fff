import base from '../../tsup.base.ts';

export default Object.assign({}, base, { entry: ['src/index.ts', 'src/testing/index.ts'] });
