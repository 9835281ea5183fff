import { SharedStream } from '@kortana/async';
import type { Cause } from '../answer/receipt.ts';
import { Channel } from '../answer/channel.ts';
import { Draft } from '../answer/draft.ts';
import { Output, type OutputChunk } from '../answer/output.ts';
import type { Answer, Call, Next, Stage } from './call.ts';
import { codeOf } from './known-error.ts';

/** `lacked`: what was missing while it was made; it was missing for all who share it. */
type Item = OutputChunk | { type: 'answer'; answer: Answer; lacked: Cause[] };

/**
 * Equal requests in flight are one call upstream, streamed or not; who comes late gets all of it.
 * One caller's abort leaves the others alone, the last one's stops the call.
 */
export function coalesced(): Stage {
  const flights = new Map<string, SharedStream<Item>>();

  const takeOff = (key: string, call: Call, next: Next): SharedStream<Item> => {
    const { degraded } = call.journal;
    const own = degraded.length;
    const flight = SharedStream.from(
      new Channel<Item>(async (put, signal) => {
        try {
          const answer = await next({ ...call, output: new Output(put), signal });
          await put({ type: 'answer', answer, lacked: degraded.slice(own) });
        } finally {
          if (flights.get(key) === flight) flights.delete(key);
        }
      }),
    );
    flights.set(key, flight);
    return flight;
  };

  return async (call, next) => {
    if (call.key === undefined) return next(call);
    // Who wants nothing from the cache may share a call, but not with one that looks into it.
    const key = call.cache === 'off' ? `off:${call.key}` : call.key;
    const running = call.cache === 'refresh' ? undefined : flights.get(key);
    if (running !== undefined) {
      try {
        return shared(await board(running, call));
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    }
    return board(takeOff(key, call, next), call);
  };
}

async function board(flight: SharedStream<Item>, call: Call): Promise<Answer> {
  const draft = new Draft(call.output);
  let answer: Answer | undefined;
  // Read to its end: to leave before would mean to stop it.
  for await (const item of flight.subscribe({ signal: call.signal })) {
    if (item.type === 'answer') {
      answer = item.answer;
      call.journal.miss(...item.lacked);
      continue;
    }
    const slow = draft.write(item);
    if (slow !== undefined) await slow;
  }
  return answer!;
}

/** Its last reader left a moment ago, or it is too long to be replayed: a call of one's own, then. */
function isGone(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'STREAM_STOPPED' || code === 'STREAM_TOO_LONG';
}

function shared(answer: Answer): Answer {
  const wasAsked = answer.source === 'live' || answer.source === 'fallback';
  return wasAsked ? { ...answer, source: 'coalesced' } : answer;
}
