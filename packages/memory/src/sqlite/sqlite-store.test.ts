import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { storeContract } from '../testing/store-contract.ts';
import { sqliteStore } from './sqlite-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'kortana-memory-'));
// Threads start in a fifth of the time when their stripped sources are kept.
process.env['NODE_COMPILE_CACHE'] = join(folder, 'cache');
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const newPath = () => join(folder, `${++files}.db`);

test.each(storeContract(() => sqliteStore({ path: newPath() })))('$name', async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});
