import { KortanaError, TimeoutError } from '@kortana/errors';
import type { Cause } from '../answer/receipt.ts';
import type { Lane } from '../models/lane.ts';
import type { Stage } from './call.ts';
import { codeOf, knownError } from './known-error.ts';
import { verdictOn } from './verdict.ts';

/**
 * Asks the models in order until one answers. Once a model has sent a piece of an answer there is
 * no other way than to recover it: that error goes up.
 *
 * @param maxCalls how many calls one request may make in all; each model's first is always made
 */
export function failOver(maxCalls: number): Stage {
  return async (call, next) => {
    const { output, lanes, journal, effort } = call;
    const sent = output.pieces;
    const first = journal.primary.key;
    const refusedScopes = new Set<string>();
    let last: Lane | undefined;
    let failure: unknown;

    // Asked again for the same request, a model has extra load: that is bounded for all together.
    const mayAsk = (lane: Lane): boolean =>
      !refusedScopes.has(lane.scope) &&
      (!effort.wasAsked(lane) || (effort.calls < maxCalls && lane.budget.tryExtraCall()));

    for (const lane of lanes) {
      if (!mayAsk(lane)) continue;
      if (last !== undefined) journal.movedOn(last, lane, codeOf(failure));
      try {
        const answer = await next({ ...call, lane });
        const { missing } = effort;
        return lane.key === first || missing === undefined ? answer : { ...answer, missing };
      } catch (error) {
        const { elsewhere } = verdictOn(error);
        if (lane.key === first) effort.missing = causeOf(lane, error);
        if (call.signal?.aborted || output.pieces > sent || elsewhere === 'none') throw error;
        if (elsewhere === 'other-credentials') refusedScopes.add(lane.scope);
        failure = last === undefined ? error : moreTelling(failure, error);
        last = lane;
      }
    }
    throw last === undefined ? nobodyLeft() : failure;
  };
}

/** Why a model didn't give the answer. */
export function causeOf({ name }: Lane, error: unknown): Cause {
  const code = codeOf(error);
  const reason = isOpen(error)
    ? 'down'
    : TimeoutError.isInstance(knownError(error))
      ? 'timeout'
      : 'error';
  return { part: 'model.primary', reason, code, message: `${name} did not answer (${code})` };
}

/** What really went wrong says more than an open breaker; of open breakers, the first to close. */
function moreTelling(before: unknown, now: unknown): unknown {
  if (!isOpen(now)) return now;
  return isOpen(before) && retryAfterMs(now) < retryAfterMs(before) ? now : before;
}

const isOpen = (error: unknown): boolean => codeOf(error) === 'CIRCUIT_OPEN';

const retryAfterMs = (error: unknown): number => knownError(error).retryAfterMs ?? Infinity;

const nobodyLeft = (): KortanaError =>
  new KortanaError('No model may be asked again for this request', {
    code: 'RETRY_BUDGET_SPENT',
    recoverable: true,
  });
