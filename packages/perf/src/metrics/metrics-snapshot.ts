import { checkInteger, checkNumber, checkObject, checkString } from '@kortana/errors';
import { bucketNumbers } from './histogram.ts';
import type { OperationData } from './operation.ts';

/** All that a collector counted, as plain JSON. Lists of pairs, because a name may be `__proto__`. */
export interface MetricsSnapshot {
  operations: [name: string, data: OperationData][];
  counters: [name: string, count: number][];
}

/**
 * Checked as a whole before anything is merged: it may come from another process, or another version.
 *
 * @throws TypeError, RangeError for what isn't a snapshot
 */
export function checkSnapshot(snapshot: MetricsSnapshot): void {
  const { operations, counters } = checkObject('snapshot', snapshot);
  for (const [name, data] of pairs('snapshot.operations', operations)) {
    checkString('snapshot.operations', name);
    checkOperation(checkObject('snapshot.operations', data as OperationData));
  }
  for (const [name, count] of pairs('snapshot.counters', counters)) {
    checkString('snapshot.counters', name);
    checkNumber('snapshot.counters', count, { min: 0 });
  }
}

function checkOperation({ failed, sum, min, max, buckets }: OperationData): void {
  checkNumber('snapshot.operations.sum', sum, { min: 0 });
  checkNumber('snapshot.operations.max', max, { min: 0 });
  checkNumber('snapshot.operations.min', min, { min: 0, max });
  let total = 0;
  for (const [bucket, count] of pairs('snapshot.operations.buckets', buckets)) {
    checkInteger('snapshot.operations.buckets', bucket, bucketNumbers);
    total += checkInteger('snapshot.operations.buckets', count, { min: 1 });
  }
  checkInteger('snapshot.operations.failed', failed, { min: 0, max: total });
}

function pairs(name: string, value: unknown): [unknown, unknown][] {
  const isPair = (item: unknown) => Array.isArray(item) && item.length === 2;
  if (Array.isArray(value) && value.every(isPair)) return value as [unknown, unknown][];
  throw new TypeError(`Expected \`${name}\` to be a list of pairs`);
}
