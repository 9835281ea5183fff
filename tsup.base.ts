import { defineConfig } from 'tsup';

/** How every package is built: ESM from its index, declarations come from tsc. */
export default defineConfig({
  entry: ['src/index.ts'],
  format: 'esm',
  target: 'node22',
  clean: true,
  sourcemap: true,
  // tsup strips `node:` by default, which breaks `node:sqlite` for consumers only.
  removeNodeProtocol: false,
});
