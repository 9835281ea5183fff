import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { test } from 'vitest';

/** Runs `code` in a process of its own, which is killed if it doesn't end by itself. */
async function outputOf(code: string): Promise<string> {
  const run = promisify(execFile)(
    process.execPath,
    ['--conditions=@kortana/source', '--input-type=module', '--eval', code],
    { cwd: new URL('..', import.meta.url), timeout: 20_000 },
  );
  return (await run).stdout.trim();
}

/** Each leaves something behind for which a timer of 30 seconds or more may run. */
const idle = {
  'a pool with idle connections and loans, unlike tarn': `
    const pool = new ConnectionPool({ create: () => ({}), minSize: 2, leakAfterMs: 60_000, maxLifetimeMs: 60_000 });
    pool.release(await pool.acquire());
    await pool.acquire();`,
  'a pool whose create hangs': `
    new ConnectionPool({ create: () => new Promise(() => {}), minSize: 1 });`,
  'a pool whose destroy hangs': `
    const pool = new ConnectionPool({ create: () => ({}), destroy: () => new Promise(() => {}) });
    pool.discard(await pool.acquire());`,
  'a cache with entries': `
    const cache = new AsyncCache({ store: new Map(), defaultTtlMs: 60_000 });
    await cache.set('a', 1);`,
  'what was ended by an abort': `
    const controller = new AbortController();
    const waits = [
      sleep(60_000, controller),
      withTimeout(() => new Promise(() => {}), { timeoutMs: 60_000, signal: controller.signal }),
      hedge([() => new Promise(() => {}), () => {}], { delayMs: 60_000, signal: controller.signal }),
    ];
    controller.abort();
    await Promise.allSettled(waits);`,
};

/** Each waits for nothing but the clock. */
const waiting = {
  'a sleep': `await sleep(20);`,
  'a time limit': `
    await withTimeout(() => new Promise(() => {}), { timeoutMs: 20 }).catch(() => {});`,
  'a hedge': `await hedge([() => new Promise(() => {}), () => 1], { delayMs: 20 });`,
  'a pause of a retry': `
    await new AsyncRetry({ initialDelayMs: 20, jitter: 'none', retryOn: () => true })
      .run(async ({ attempt }) => { if (attempt === 1) throw new Error('once'); });`,
  'a caller of a pool': `
    const pool = new ConnectionPool({ create: () => new Promise(() => {}), acquireTimeoutMs: 20 });
    await pool.acquire().catch(() => {});`,
  'a caller of a pool that makes a pause': `
    let tries = 0;
    const create = () => { if (++tries === 1) throw new Error('once'); };
    const pool = new ConnectionPool({ create, acquireTimeoutMs: Infinity });
    await pool.acquire().catch(() => {});
    await pool.acquire();`,
  'a pool that closes': `
    const pool = new ConnectionPool({ create: () => ({}), destroy: () => new Promise(() => {}), createTimeoutMs: 20 });
    pool.release(await pool.acquire());
    await pool.closeAll();`,
  'a cache that waits for its store': `
    const never = () => new Promise(() => {});
    await new AsyncCache({ store: { get: never, set: never, delete: never }, storeTimeoutMs: 20 }).get('a');`,
};

/** Each fails, and nobody looks at it. (What was forgotten stands in the error of the process.) */
const dropped = {
  'a task': `gatherWithLimit([fail, fail]); gatherSettled([5]); gatherSettled(fail, { limit: 0 });`,
  'an item': `
    const processor = new AsyncBatchProcessor();
    processor.process([1], fail); processor.processSettled(5, fail); processor.processBatches([1], fail);
    const stream = processor.stream((function* () { throw new Error('boom'); })(), fail);
    stream.next(); stream.throw(new Error('boom'));`,
  'a retry': `
    new AsyncRetry().run(fail); new AsyncRetry().run(5); new AsyncRetry().wrap(fail)();
    new AsyncRetry({ initialDelayMs: 1, retryOn: () => true }).run(fail);`,
  'a wait': `
    withTimeout(fail, { timeoutMs: 1 }); withTimeout(5); sleep(-1);
    sleep(1, { signal: AbortSignal.abort() });`,
  'a guest of a bulkhead': `
    const bulkhead = new Bulkhead({ maxConcurrent: 1, maxQueue: 0 });
    bulkhead.run(fail); bulkhead.run(fail); bulkhead.enter();`,
  'a hedge': `hedge([fail], { delayMs: 1 }); hedge([], { delayMs: 1 });`,
  'a caller of a pool': `
    const pool = new ConnectionPool({ create: fail });
    pool.acquire(); pool.use(() => {}); pool.lease(); pool.acquire({ signal: AbortSignal.abort() });
    pool.drain({ timeoutMs: -1 });
    new ConnectionPool({ create: () => ({}) }).use(fail);`,
  'a load of a cache': `
    const cache = new AsyncCache();
    cache.getOrSet('a', fail); cache.lookup('b', fail);
    cache.getOrSet('c', fail, { signal: AbortSignal.abort() });
    const key = { noText: fail };
    cache.get(key); cache.has(key); cache.set(key, 1); cache.delete(key);`,
  'a reader of a shared stream': `
    const stream = SharedStream.from({ [Symbol.asyncIterator]: () => ({ next: fail }) });
    const reader = stream.subscribe();
    reader.next(); reader.next(); stream.subscribe().next();
    stream.subscribe({ signal: AbortSignal.abort() }).next(); stream.subscribe().throw('enough');`,
};

const imports = `import { AsyncBatchProcessor, AsyncCache, AsyncRetry, Bulkhead, ConnectionPool, gatherSettled, gatherWithLimit, hedge, SharedStream, sleep, withTimeout } from '@kortana/async';`;

test.concurrent.for(Object.entries(idle))(
  '%s keeps no process alive',
  async ([, code], { expect }) => {
    expect(await outputOf(`${imports}${code}\nconsole.log('done');`)).toBe('done');
  },
);

test.concurrent.for(Object.entries(waiting))(
  '%s keeps its process alive until it is over',
  async ([, code], { expect }) => {
    expect(await outputOf(`${imports}${code}\nconsole.log('done');`)).toBe('done');
  },
);

test.concurrent('what fails with nobody looking ends no process', async ({ expect }) => {
  const fail = `const fail = async () => { throw new Error('boom'); };`;
  const all = Object.values(dropped).map((code) => `{ ${code} }`);
  const wait = `await new Promise((resolve) => setTimeout(resolve, 20));`;
  const code = [imports, fail, ...all, wait, `console.log('done');`].join('\n');
  expect(await outputOf(code)).toBe('done');
});
