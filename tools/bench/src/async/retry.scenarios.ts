import type { Scenario, Work } from '../harness/scenario.ts';

const succeed = async () => 42;

function retrying(run: (fn: () => Promise<number>) => Promise<number>): Work {
  return {
    ops: 2000,
    async run() {
      let result = 0;
      for (let round = 0; round < 2000; round++) result = await run(succeed);
      return result;
    },
  };
}

export const scenarios: Scenario[] = [
  {
    name: 'AsyncRetry: success at once',
    reach: 0.6,
    async ours() {
      const { AsyncRetry } = await import('@kortana/async');
      const retry = new AsyncRetry({ maxAttempts: 3 });
      return retrying((fn) => retry.run(fn));
    },
    floor: { what: 'the call', work: () => retrying((fn) => fn()) },
    peers: {
      async cockatiel() {
        const { ExponentialBackoff, handleAll, retry } = await import('cockatiel');
        const policy = retry(handleAll, { maxAttempts: 2, backoff: new ExponentialBackoff() });
        return retrying((fn) => policy.execute(fn));
      },
      async 'p-retry'() {
        const { default: pRetry } = await import('p-retry');
        return retrying((fn) => pRetry(fn, { retries: 2 }));
      },
    },
  },
];
