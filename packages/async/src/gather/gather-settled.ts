import { settled } from '../waiting/abortable.ts';
import { droppable } from '../waiting/droppable.ts';
import { type GatherOptions, readGathering, runInLanes, type Task } from './gather.ts';

export type SettledTasks<T extends readonly Task[]> = {
  -readonly [K in keyof T]: PromiseSettledResult<Awaited<ReturnType<T[K]>>>;
};

/**
 * Runs all tasks, at most `limit` (default: 10) at once, and tells of each in order how it ended,
 * as `Promise.allSettled` does. Only an abort rejects.
 */
export function gatherSettled<const T extends readonly Task[]>(
  tasks: T,
  options?: GatherOptions,
): Promise<SettledTasks<T>>;
export function gatherSettled<T extends readonly Task[]>(
  ...tasksAndOptions: [...T, GatherOptions]
): Promise<SettledTasks<T>>;
export function gatherSettled<T extends readonly Task[]>(...tasks: T): Promise<SettledTasks<T>>;
export function gatherSettled(
  ...args: readonly unknown[]
): Promise<PromiseSettledResult<unknown>[]> {
  const work = (): Promise<PromiseSettledResult<unknown>[]> =>
    runInLanes<PromiseSettledResult<unknown>>(
      readGathering(args),
      (value) => ({ status: 'fulfilled', value }),
      (reason) => ({ status: 'rejected', reason }),
    );
  return droppable(settled(work));
}
