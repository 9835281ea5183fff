import { checkInteger, checkNumber, checkObject, checkOneOf, checkString } from '@kortana/errors';
import { CircuitState } from './circuit-state.ts';

/** A breaker as plain JSON. What a window has counted isn't in it: windows begin anew. */
export interface BreakerSnapshot {
  name: string;
  state: CircuitState;
  failureCount: number;
  successCount: number;
  /** How often it opened without closing in between. */
  openCount: number;
  /** The time that is left of being open. */
  retryAfterMs: number;
}

/** @throws TypeError, RangeError for what isn't a snapshot */
export function checkedSnapshot(snapshot: BreakerSnapshot): BreakerSnapshot {
  const { name, state, failureCount, successCount, openCount, retryAfterMs } = checkObject(
    'snapshot',
    snapshot,
  );
  const opened = checkOneOf('snapshot.state', state, Object.values(CircuitState)) !== 'closed';
  return {
    name: checkString('snapshot.name', name),
    state,
    failureCount: checkInteger('snapshot.failureCount', failureCount, { min: 0 }),
    successCount: checkInteger('snapshot.successCount', successCount, { min: 0 }),
    openCount: checkInteger('snapshot.openCount', openCount, { min: opened ? 1 : 0 }),
    retryAfterMs: checkNumber('snapshot.retryAfterMs', retryAfterMs, { min: 0 }),
  };
}
