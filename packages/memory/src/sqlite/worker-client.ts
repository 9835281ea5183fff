import { MemoryError } from '@kortana/errors';
import { Worker } from 'node:worker_threads';
import { codes } from '../error-codes.ts';
import type { FailureReport } from './failure.ts';
import type { Arguments, Method, Result } from './operations.ts';
import type { Reply, Request, WorkerStart } from './protocol.ts';

const closeTimeoutMs = 10_000;

/** From the sources a thread's program is the file beside this one; built, the one beside the bundle. */
const isSource = import.meta.url.endsWith('.ts');

type ThreadOptions = Omit<WorkerStart, 'rewriter'>;

interface Pending {
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
}

/**
 * Calls into the worker thread. It is started at the first call, and again should it have died; it
 * keeps the process alive only while somebody waits for an answer.
 */
export class WorkerClient {
  readonly #start: ThreadOptions;
  readonly #onNotice: (notice: string) => void;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #calls = 0;
  #closed = false;

  constructor(start: ThreadOptions, onNotice: (notice: string) => void) {
    this.#start = start;
    this.#onNotice = onNotice;
  }

  call<M extends Method>(method: M, ...args: Arguments<M>): Promise<Result<M>> {
    return this.#call(method, args) as Promise<Result<M>>;
  }

  /** The same; when the signal is aborted before the worker has begun, it doesn't begin. */
  async abortable<M extends Method>(
    signal: AbortSignal | undefined,
    method: M,
    ...args: Arguments<M>
  ): Promise<Result<M>> {
    signal?.throwIfAborted();
    const answer = this.#call(method, args);
    const call = this.#calls;
    const cancel = () => {
      this.#pending.get(call)?.reject(signal?.reason);
      this.#settle(call);
      if (this.#worker) send(this.#worker, { cancel: call });
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return (await answer) as Result<M>;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    if (worker === undefined) return;
    const exited = new Promise((resolve) => void worker.once('exit', resolve));
    worker.ref();
    send(worker, { close: true });
    // What hangs in the thread, a network drive say, must not keep the process from ending.
    const timer = setTimeout(() => void worker.terminate(), closeTimeoutMs);
    await exited;
    clearTimeout(timer);
  }

  async #call(method: Method, args: unknown[]): Promise<unknown> {
    if (this.#closed) {
      throw new MemoryError('The store is closed', { code: codes.closed, recoverable: false });
    }
    const worker = (this.#worker ??= this.#spawn());
    const call = ++this.#calls;
    const answer = new Promise((resolve, reject) => {
      this.#pending.set(call, { resolve, reject });
    });
    worker.ref();
    send(worker, { call, method, args });
    return answer;
  }

  #spawn(): Worker {
    const rewriter = new URL(isSource ? 'rewrite.ts' : 'sqlite-rewrite.cjs', import.meta.url).href;
    const workerData: WorkerStart = { ...this.#start, rewriter };
    // Each URL where the worker is made: so bundlers see it.
    const worker = isSource
      ? new Worker(new URL('worker.ts', import.meta.url), { workerData })
      : new Worker(new URL('sqlite-worker.cjs', import.meta.url), { workerData });
    worker.on('message', (reply: Reply) => this.#receive(reply));
    let cause: unknown;
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
      const error = new MemoryError('The thread that holds the file has ended', { cause });
      for (const [call, { reject }] of this.#pending) {
        this.#pending.delete(call);
        reject(error);
      }
    });
    worker.unref();
    return worker;
  }

  #receive(reply: Reply): void {
    if ('notice' in reply) return this.#onNotice(reply.notice);
    if ('closed' in reply) return;
    const pending = this.#pending.get(reply.call);
    this.#settle(reply.call);
    if ('failure' in reply) pending?.reject(errorOf(reply.failure));
    else pending?.resolve(reply.value);
  }

  #settle(call: number): void {
    this.#pending.delete(call);
    if (this.#pending.size === 0 && !this.#closed) this.#worker?.unref();
  }
}

function send(worker: Worker, request: Request): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  worker.postMessage(request);
}

function errorOf({ code, message }: FailureReport): MemoryError {
  const recoverable = code !== codes.refused && code !== codes.newerFormat;
  return new MemoryError(message, { code, recoverable });
}
