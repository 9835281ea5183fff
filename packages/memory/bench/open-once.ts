/* Prints how many ms the first window of a store takes, or, without a path, an empty thread. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { sqliteStore } from '@kortana/memory';

const [path] = process.argv.slice(2);

async function openFile(): Promise<() => Promise<unknown>> {
  const store = sqliteStore({ path: path! });
  await store.window({ sessionId: 's0' }, { maxTokens: 1_000, maxMessages: 10 });
  return () => store.close();
}

async function startThread(): Promise<() => Promise<unknown>> {
  const program = `require('node:worker_threads').parentPort.postMessage('here')`;
  const thread = new Worker(program, { eval: true });
  await once(thread, 'message');
  return () => thread.terminate();
}

const began = performance.now();
const end = await (path === undefined ? startThread() : openFile());
process.stdout.write(`${performance.now() - began}`);
await end();
