import type { Stage } from './call.ts';
import { codeOf } from './known-error.ts';
import { verdictOn } from './verdict.ts';

/**
 * Lets nothing through to a model that is down. The verdict falls when the answer is whole: a
 * stream that breaks off is a failure, however well it began.
 *
 * @param judges the user said himself which errors count
 */
export function guarded(judges: boolean): Stage {
  return async (call, next) => {
    const permit = enter(call);
    try {
      const answer = await next(call);
      permit.succeed();
      return answer;
    } catch (error) {
      if (!call.signal?.aborted && (judges || counts(call, error))) permit.fail(error);
      else permit.release();
      throw error;
    }
  };
}

function enter({ lane, journal }: Parameters<Stage>[0]): ReturnType<typeof lane.breaker.acquire> {
  try {
    return lane.breaker.acquire();
  } catch (error) {
    journal.attempting(lane)('refused', 0, codeOf(error));
    throw error;
  }
}

/** A first 429 is a request to wait; one that comes again after that says that waiting didn't help. */
function counts({ lane, effort }: Parameters<Stage>[0], error: unknown): boolean {
  const verdict = verdictOn(error);
  if (verdict.counts !== 'persistent') return verdict.counts;
  const isAgain = effort.limited.has(lane);
  effort.limited.add(lane);
  return isAgain;
}
