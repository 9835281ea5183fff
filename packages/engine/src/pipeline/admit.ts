import type { Bulkhead } from './bulkhead.ts';
import type { Door } from '../observe/door.ts';
import type { Stage } from './call.ts';

/** Lets in as many as the engine may answer at once; what is shared or kept needs no place. */
export function admitted(bulkhead: Bulkhead, door: Door): Stage {
  return (call, next) =>
    door.stoppable(call.signal, (signal) =>
      bulkhead.run(() => next({ ...call, signal }), call.tenant, signal),
    );
}
