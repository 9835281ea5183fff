import type { Floor, Scenario, Work } from '../harness/scenario.ts';

const count = 100_000;
const limit = 10;
const items = Array.from({ length: count }, (_, index) => index);
const task = async (item: number) => item + 1;
const taskOf = (item: number) => () => task(item);

function mapping(map: (items: number[]) => Promise<number[]>): Work {
  return { ops: count, run: async () => (await map(items)).at(-1) };
}

/** The least: as many lanes as may run, each with one reaction to each of its promises. */
const floor: Floor = {
  what: 'a loop of reactions',
  work: () =>
    mapping(
      (all) =>
        new Promise((resolve, reject) => {
          const results = all.slice();
          let next = 0;
          let left = all.length;
          const openLane = (): void => {
            let index = 0;
            const onValue = (value: number): void => {
              results[index] = value;
              if (--left === 0) resolve(results);
              if (next < all.length) start();
            };
            const start = (): void => {
              index = next++;
              task(all[index]!).then(onValue, reject);
            };
            start();
          };
          for (let lanes = 0; lanes < limit; lanes++) openLane();
        }),
    ),
};

/** All give the results of an async function in the order of the items. */
const peers: Scenario['peers'] = {
  async 'async mapLimit'() {
    const { mapLimit } = await import('async');
    return mapping((all) => mapLimit<number, number>(all, limit, task));
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
      const pool = PromisePool.withConcurrency(limit).for(all).useCorrespondingResults();
      return (await pool.process(task)).results as number[];
    });
  },
};

/** Takes tasks, not items, as we do; mapLimit is quicker. */
const parallelLimit: Scenario['ours'] = async () => {
  const { parallelLimit: run } = await import('async');
  const tasks = items.map((item) => async () => item + 1);
  return mapping(() => run<number, number[]>(tasks, limit));
};

export const scenarios: Scenario[] = [
  {
    // What a call is given is there before it begins, for ours (tasks) as for the peers (items).
    name: 'gatherWithLimit: 100k trivial tasks, limit 10',
    reach: 0.4,
    floor,
    async ours() {
      const { gatherWithLimit } = await import('@kortana/async');
      const tasks = items.map(taskOf);
      return mapping(() => gatherWithLimit(tasks, { limit }));
    },
    peers: { ...peers, 'async parallelLimit': parallelLimit },
  },
  {
    // To make 100k functions costs as much as to run them.
    name: 'gatherWithLimit: 100k trivial tasks made on the spot, limit 10',
    floor,
    async ours() {
      const { gatherWithLimit } = await import('@kortana/async');
      return mapping((all) => gatherWithLimit(all.map(taskOf), { limit }));
    },
    peers,
  },
  {
    name: 'AsyncBatchProcessor: 100k trivial tasks, limit 10',
    reach: 0.4,
    floor,
    async ours() {
      const { AsyncBatchProcessor } = await import('@kortana/async');
      const processor = new AsyncBatchProcessor<number, number>({ maxConcurrent: limit });
      return mapping((all) => processor.process(all, task));
    },
    peers,
  },
];
