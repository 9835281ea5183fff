import type { Scenario, Work } from '../harness/scenario.ts';

interface Pool {
  acquire(): Promise<object>;
  release(connection: object): unknown;
}

type Open = (max: number) => Promise<Pool>;

const create = async () => ({});
const destroy = async () => {};

const ours: Open = async (maxSize) => {
  const { ConnectionPool } = await import('@kortana/async');
  return new ConnectionPool<object>({ create, destroy, maxSize });
};

const peers: Record<string, Open> = {
  async 'generic-pool'(max) {
    const { createPool } = await import('generic-pool');
    const pool = createPool<object>({ create, destroy }, { max });
    return {
      acquire: async () => pool.acquire(),
      release: (connection) => void pool.release(connection),
    };
  },
  async tarn(max) {
    const { Pool } = await import('tarn');
    const pool = new Pool<object>({ create, destroy, min: 0, max });
    return {
      acquire: () => pool.acquire().promise,
      release: (connection) => pool.release(connection),
    };
  },
};

/** The least: a list of what is free, and one of who waits, in their order. */
const least: Open = async (max) => {
  const free = await Promise.all(Array.from({ length: max }, create));
  let waiting: ((connection: object) => void)[] = [];
  let served = 0;
  return {
    acquire: () => {
      const connection = free.pop();
      if (connection !== undefined) return Promise.resolve(connection);
      return new Promise((resolve) => void waiting.push(resolve));
    },
    release: (connection) => {
      const next = waiting[served];
      if (next === undefined) return free.push(connection);
      if (++served === waiting.length) [waiting, served] = [[], 0];
      return next(connection);
    },
  };
};

const uncontended = (open: Open) => async (): Promise<Work> => {
  const pool = await open(10);
  return {
    ops: 2000,
    async run() {
      let connection = {};
      for (let round = 0; round < 2000; round++) {
        connection = await pool.acquire();
        pool.release(connection);
      }
      return connection;
    },
  };
};

/** One connection, and always a hundred callers who wait for it. */
const contended = (open: Open) => async (): Promise<Work> => {
  const pool = await open(1);
  const caller = async (): Promise<void> => {
    for (let round = 0; round < 20; round++) {
      const connection = await pool.acquire();
      pool.release(connection);
    }
  };
  return { ops: 2000, run: () => Promise.all(Array.from({ length: 100 }, caller)) };
};

function scenario(name: string, work: (open: Open) => () => Promise<Work>): Scenario {
  const entries = Object.entries(peers).map(([peer, open]) => [peer, work(open)] as const);
  const floor = { what: 'two lists', work: work(least) };
  return { name, reach: 0.5, ours: work(ours), peers: Object.fromEntries(entries), floor };
}

export const scenarios: Scenario[] = [
  scenario('ConnectionPool: acquire + release, uncontended', uncontended),
  scenario('ConnectionPool: acquire + release, 100 waiting', contended),
];
