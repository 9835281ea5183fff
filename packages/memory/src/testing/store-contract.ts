import type { MemoryStore } from '../memory-store.ts';
import { appendCases } from './contract/append.ts';
import { factCases } from './contract/facts.ts';
import { searchCases } from './contract/search.ts';
import { sessionCases } from './contract/sessions.ts';
import { upkeepCases } from './contract/upkeep.ts';
import { vectorCases } from './contract/vectors.ts';
import { windowCases } from './contract/window.ts';
import type { ContractCase } from './contract/contract-case.ts';

/** Gives a new, empty store each time; it is closed afterwards. */
export type StoreFactory = () => MemoryStore | Promise<MemoryStore>;

/**
 * What every store must do, as cases for any test runner:
 *
 *     for (const { name, run } of storeContract(() => myStore())) test(name, run);
 *
 * A case rejects with an AssertionError that says what was expected.
 */
export function storeContract(factory: StoreFactory): { name: string; run(): Promise<void> }[] {
  const cases: Record<string, ContractCase> = {
    ...appendCases,
    ...windowCases,
    ...searchCases,
    ...vectorCases,
    ...factCases,
    ...sessionCases,
    ...upkeepCases,
  };
  return Object.entries(cases).map(([name, check]) => ({
    name,
    async run() {
      const store = await factory();
      try {
        await check(store);
      } finally {
        await store.close();
      }
    },
  }));
}
