import { expect, test } from 'vitest';
import { tempFolder } from '../../test/temp-folder.ts';
import { storeContract } from '../testing/store-contract.ts';
import { sqliteStore } from './sqlite-store.ts';

const newPath = tempFolder();

test.each(storeContract(() => sqliteStore({ path: newPath() })))('$name', async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});
