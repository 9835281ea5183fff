import { once } from 'node:events';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { codes } from '../error-codes.ts';
import { codeOf, reportOf } from './failure.ts';
import { deletions, type Method, reads, writes } from './operations.ts';
import type { Reply, Request, WorkerStart } from './protocol.ts';
import { SqliteFile } from './sqlite-file.ts';
import { purge, purgeEnd, tidy } from './upkeep.ts';

/*
 * The thread that holds the file. Reads are served as they come. Writes go one after the other, and
 * while one waits for another process or cleans up after a deletion, reads are still served.
 *
 * It runs from its source, too: only relative imports and Node's own.
 */

type Run = (file: SqliteFile, ...args: unknown[]) => unknown;
type Call = Extract<Request, { call: number }>;

const port = parentPort!;
const { path, busyTimeoutMs, synchronous, rewriter } = workerData as WorkerStart;
const tell = (reply: Reply) => port.postMessage(reply);
const file = new SqliteFile(path, { synchronous }, (notice) => tell({ notice }));

// Long enough for a burst of turns to be over.
const restAfterMs = 1_000;
const rest = setTimeout(() => tidy(file), restAfterMs).unref();

const waiting = new Map<number, Call>();
/** Ends with the last write that was asked for. */
let writing: Promise<unknown> = Promise.resolve();
/** A clean-up that was asked for and hasn't begun, and how thorough it is to be. */
let cleaning: { isThorough: boolean; done: Promise<void> } | undefined;

port.on('message', (request: Request) => {
  if ('cancel' in request) waiting.delete(request.cancel);
  else if ('close' in request) void close();
  else {
    waiting.set(request.call, request);
    if (request.method in reads) setImmediate(() => void serve(request, read));
    else void serve(request, write);
  }
});

async function serve(call: Call, run: (call: Call) => unknown): Promise<void> {
  if (!waiting.delete(call.call)) return;
  try {
    tell({ call: call.call, value: await run(call) });
  } catch (error) {
    tell({ call: call.call, failure: reportOf(error) });
  }
}

function read({ method, args }: Call): unknown {
  return file.read(() => (reads as Record<string, Run>)[method]!(file, ...args));
}

async function write(call: Call): Promise<unknown> {
  const { value, cleaned } = await inTurn(() => writeNow(call));
  await cleaned;
  return value;
}

/** After all that was asked for before, whatever came of it. */
function inTurn<T>(run: () => Promise<T>): Promise<T> {
  const done = writing.then(run);
  writing = done.catch(() => {});
  return done;
}

async function writeNow({ method, args }: Call) {
  const isDeletion = method in deletions;
  const run = (isDeletion ? deletions : writes) as Partial<Record<Method, Run>>;
  const value = await patiently(() => file.write(() => run[method]!(file, ...args)));
  rest.refresh();
  const isDone = isDeletion && value !== false && value !== 0;
  return { value, cleaned: isDone ? cleanLater(method !== 'pruneSome') : undefined };
}

/** Once for all deletions that wait: it takes its time. */
function cleanLater(isThorough: boolean): Promise<void> {
  cleaning ??= {
    isThorough,
    done: inTurn(async () => {
      const { isThorough: isToBeThorough } = cleaning!;
      cleaning = undefined;
      await cleanUp(isToBeThorough);
    }),
  };
  cleaning.isThorough ||= isThorough;
  return cleaning.done;
}

async function cleanUp(isThorough: boolean): Promise<void> {
  const steps = purge(file);
  while (!(await patiently(() => file.write(() => steps.next().done)))) await pause(0);
  if (isThorough) await rewrite();
  await patiently(() => file.read(() => purgeEnd(file)));
}

/** What can't be done is told: the deletion itself stands. */
async function rewrite(): Promise<void> {
  try {
    const thread = new Worker(new URL(rewriter), { workerData });
    await once(thread, 'exit');
  } catch (error) {
    const { message } = error as Error;
    tell({ notice: `Copies of what was deleted may be left in ${path}: ${message}` });
  }
}

/** Tries until no other process holds the file any more; between the tries others are served. */
async function patiently<T>(run: () => T): Promise<T> {
  const until = performance.now() + busyTimeoutMs;
  for (;;) {
    try {
      return run();
    } catch (error) {
      if (codeOf(error) !== codes.locked || performance.now() > until) throw error;
      await pause(10);
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}

async function close(): Promise<void> {
  // A deletion adds its clean-up.
  for (let last; last !== writing;) await (last = writing);
  // What is done is answered first.
  await pause(0);
  try {
    file.close();
  } finally {
    tell({ closed: true });
    port.close();
  }
}
