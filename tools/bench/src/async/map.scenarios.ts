import type { Scenario, Work } from '../harness/scenario.ts';

const count = 100_000;
const limit = 10;
const items = Array.from({ length: count }, (_, index) => index);
const task = async (item: number) => item + 1;

function mapping(map: (items: readonly number[]) => Promise<number[]>): Work {
  return { ops: count, run: async () => (await map(items)).at(-1) };
}

const peers: Scenario['peers'] = {
  async 'async mapLimit'() {
    const { mapLimit } = await import('async');
    return mapping((all) => mapLimit<number, number>([...all], limit, task));
  },
  async 'p-map'() {
    const { default: pMap } = await import('p-map');
    return mapping((all) => pMap(all, task, { concurrency: limit }));
  },
  async 'p-limit'() {
    const { default: pLimit } = await import('p-limit');
    return mapping((all) => pLimit(limit).map(all, task));
  },
  async 'promise-pool'() {
    const { PromisePool } = await import('@supercharge/promise-pool');
    return mapping(async (all) => {
      const pool = PromisePool.withConcurrency(limit).for([...all]);
      return (await pool.process(task)).results;
    });
  },
};

export const scenarios: Scenario[] = [
  {
    name: 'gatherWithLimit: 100k trivial tasks, limit 10',
    reach: 0.4,
    async ours() {
      const { gatherWithLimit } = await import('@kortana/async');
      return mapping((all) =>
        gatherWithLimit(
          all.map((item) => () => task(item)),
          { limit },
        ),
      );
    },
    peers,
  },
  {
    name: 'AsyncBatchProcessor: 100k trivial tasks, limit 10',
    reach: 0.4,
    async ours() {
      const { AsyncBatchProcessor } = await import('@kortana/async');
      const processor = new AsyncBatchProcessor<number, number>({ maxConcurrent: limit });
      return mapping((all) => processor.process(all, task));
    },
    peers,
  },
];
