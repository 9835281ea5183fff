import { afterAll, describe, expect, test } from 'vitest';
import { findPostgres, whyNot } from '../../test/postgres-server.ts';
import { storeContract } from '../testing/store-contract.ts';
import { postgresStore } from './postgres-store.ts';

const server = await findPostgres();
afterAll(() => server?.end());

const newStore = () =>
  postgresStore({ connectionString: server!.connectionString, schema: server!.newSchema() });

describe.skipIf(server === undefined)(`postgresStore${whyNot(server)}`, () => {
  test.each(storeContract(newStore))('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});
