import { checkFunction, checkInteger, checkObject, checkSignal } from '@kortana/errors';
import { settled } from '../waiting/abortable.ts';

/** Something to do; the signal is aborted once its outcome no longer matters. */
export type Task<T = unknown> = (signal: AbortSignal) => PromiseLike<T> | T;

export interface GatherOptions {
  /** How many run at once, an integer from 1 up; default: 10. */
  limit?: number | undefined;
  /** Its abort rejects at once with its reason: no further task starts, running ones are told. */
  signal?: AbortSignal | undefined;
}

interface Gathering {
  /** Each of them a function; nobody else's, for their results are put in their places. */
  tasks: Task[];
  limit: number;
  signal: AbortSignal | undefined;
}

/** Both spellings, `(tasks, options?)` and `(...tasks, options?)`, as one and checked. */
export function readGathering(args: readonly unknown[]): Gathering {
  const [tasks, options] = split(args);
  const { limit = 10, signal } = checkObject('options', options);
  if (signal !== undefined) checkSignal('signal', signal);
  for (let index = 0; index < tasks.length; index++) {
    if (typeof tasks[index] !== 'function') checkFunction(`tasks[${index}]`, tasks[index]);
  }
  return { tasks, limit: checkInteger('limit', limit, { min: 1 }), signal };
}

function split(args: readonly unknown[]): [Task[], GatherOptions] {
  const [first, options = {}] = args;
  // A copy: what was checked is what runs, should the caller's array change meanwhile.
  if (Array.isArray(first)) return [[...(first as Task[])], options as GatherOptions];
  const [last = {}] = args.slice(-1);
  return typeof last === 'function'
    ? [[...(args as readonly Task[])], {}]
    : [args.slice(0, -1) as Task[], last as GatherOptions];
}

/**
 * Runs the tasks in as many lanes as may run at once, each taking the next task when it is free:
 * that costs one reaction to a promise a task and nothing else, for a lane makes its handlers once,
 * and a result takes its task's place in the array. `keep` makes the result of a value; `fail` that
 * of an error, or without it the first error ends everything.
 */
export function runInLanes<R>(
  { tasks, limit, signal: outer }: Gathering,
  keep: (value: unknown) => R,
  fail?: (error: unknown) => R,
): Promise<R[]> {
  if (outer?.aborted === true) return Promise.reject(outer.reason);
  return new Promise((resolve, reject) => {
    const places: (Task | R)[] = tasks;
    const controller = new AbortController();
    const { signal } = controller;
    const total = tasks.length;
    let next = 0;
    let unsettled = total;

    const onAbort = (): void => {
      // One microtask later: a result that is already there comes first.
      queueMicrotask(() => reject(outer?.reason));
      stop(outer?.reason);
    };
    const leave = (): void => outer?.removeEventListener('abort', onAbort);
    const stop = (reason: unknown): void => {
      next = total;
      leave();
      controller.abort(reason);
    };
    const finish = (): void => {
      leave();
      resolve(places as R[]);
    };
    const openLane = (): void => {
      let index = 0;
      const startNext = (): void => {
        if (next >= total) return;
        index = next++;
        settled(places[index] as Task, signal).then(onValue, onError);
      };
      const onValue = (value: unknown): void => {
        places[index] = keep(value);
        if (--unsettled === 0) return finish();
        // `startNext`, written out: as a call it costs a trivial task a twentieth.
        if (next >= total) return;
        index = next++;
        settled(places[index] as Task, signal).then(onValue, onError);
      };
      const onError = (error: unknown): void => {
        if (fail === undefined) {
          reject(error);
          stop(error);
          return;
        }
        places[index] = fail(error);
        if (--unsettled === 0) return finish();
        startNext();
      };
      startNext();
    };

    outer?.addEventListener('abort', onAbort, { once: true });
    if (unsettled === 0) finish();
    for (let lanes = Math.min(limit, total); lanes > 0; lanes--) openLane();
  });
}
