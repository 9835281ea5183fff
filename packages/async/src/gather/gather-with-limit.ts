import { settled } from '../waiting/abortable.ts';
import { droppable } from '../waiting/droppable.ts';
import { type GatherOptions, readGathering, runInLanes, type Task } from './gather.ts';

export type TaskValues<T extends readonly Task[]> = {
  -readonly [K in keyof T]: Awaited<ReturnType<T[K]>>;
};

/**
 * Runs the tasks, at most `limit` (default: 10) at once, and gives their values in order. The
 * first that fails rejects with its error: no further task starts, running ones get their signal
 * aborted.
 *
 *     const [user, posts] = await gatherWithLimit([() => loadUser(), () => loadPosts()], { limit: 2 });
 */
export function gatherWithLimit<const T extends readonly Task[]>(
  tasks: T,
  options?: GatherOptions,
): Promise<TaskValues<T>>;
export function gatherWithLimit<T extends readonly Task[]>(
  ...tasksAndOptions: [...T, GatherOptions]
): Promise<TaskValues<T>>;
export function gatherWithLimit<T extends readonly Task[]>(...tasks: T): Promise<TaskValues<T>>;
export function gatherWithLimit(...args: readonly unknown[]): Promise<unknown[]> {
  return droppable(settled(() => runInLanes(readGathering(args), (value) => value)));
}
