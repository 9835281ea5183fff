import { checkNumber, checkObject } from '@kortana/errors';

export interface FlushOptions {
  /** How long to wait, in ms, from 0 up; Infinity: until all is stored. Default: 5,000. */
  timeoutMs?: number | undefined;
}

export function readTimeout(options: FlushOptions): number {
  const { timeoutMs = 5_000 } = checkObject('options', options);
  return checkNumber('timeoutMs', timeoutMs, { min: 0, infinite: true });
}
