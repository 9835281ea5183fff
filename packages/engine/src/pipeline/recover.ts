import type { Lane } from '../models/lane.ts';
import type { Call, Stage } from './call.ts';
import { codeOf } from './known-error.ts';
import { verdictOn } from './verdict.ts';

/**
 * Recovers an answer that broke off after its reader had got a part of it: a model that can is
 * asked to go on; else the answer is begun anew, and nothing is sent before it has said again,
 * character for character, what the reader has. What can't be recovered is an error, never an end.
 *
 * @param maxCalls how many calls one request may make in all
 */
export function recovered(maxCalls: number): Stage {
  return async (call, next) => {
    const { output, journal, effort } = call;
    let attempt = call;
    let sent = output.pieces;
    let brokeWith: unknown;
    let mayGoOn: Lane[] = [];
    let mayRestart = false;
    for (;;) {
      try {
        return await next(attempt);
      } catch (error) {
        if (output.pieces > sent) {
          sent = output.pieces;
          brokeWith = error;
          mayGoOn = output.tools.length > 0 ? [] : worthAsking(call).filter(isPrefillable);
          mayRestart = true;
        }
        if (sent === 0 || call.signal?.aborted) throw error;
        // A model that doesn't want the prefill has not said the last word.
        const isFinal = attempt.continues !== true && verdictOn(error).elsewhere === 'none';
        const lane = mayGoOn.shift();
        if (isFinal || effort.calls >= maxCalls || (lane === undefined && !mayRestart)) {
          throw attempt === call || aboutContent.has(codeOf(error)) ? error : brokeWith;
        }
        attempt =
          lane === undefined
            ? { ...call, lanes: worthAsking(call) }
            : { ...call, lanes: [lane], continues: true };
        mayRestart &&= lane !== undefined;
        journal.recovering(lane);
      }
    }
  };
}

/** What says more to the caller than why the answer broke off. */
const aboutContent = new Set(['STREAM_DIVERGED', 'CONTENT_POLICY']);

const isPrefillable = (lane: Lane): boolean => lane.prefill !== undefined && lane.prefill !== false;

/** Who was silent isn't asked again; who fell silent in the middle only if nobody else is left. */
function worthAsking({ lanes, effort: { silent, stalled } }: Call): Lane[] {
  const heard = lanes.filter((lane) => !silent.has(lane));
  return heard.toSorted((a, b) => +stalled.has(a) - +stalled.has(b));
}
