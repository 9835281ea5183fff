import type { Bulkhead } from './bulkhead.ts';
import type { Stage } from './call.ts';

/** Lets in as many as the engine may answer at once; what is shared or kept needs no place. */
export function admitted(bulkhead: Bulkhead): Stage {
  return (call, next) => bulkhead.run(() => next(call), call.tenant, call.signal);
}
