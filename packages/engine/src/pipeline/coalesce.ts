import { SharedStream } from '@kortana/async';
import { Channel } from '../answer/channel.ts';
import { Output, type OutputChunk } from '../answer/output.ts';
import type { Answer, Call, Next, Stage } from './call.ts';

type Item = OutputChunk | { type: 'answer'; answer: Answer };

/**
 * Equal requests in flight are one call upstream, streamed or not; who comes late gets all of it.
 * One caller's abort leaves the others alone, the last one's stops the call.
 */
export function coalesced(): Stage {
  const flights = new Map<string, SharedStream<Item>>();

  const takeOff = (key: string, call: Call, next: Next): SharedStream<Item> => {
    const flight = SharedStream.from<Item>(
      (signal) =>
        new Channel<Item>(async (put, left) => {
          try {
            const output = new Output(put);
            const answer = await next({ ...call, output, signal: AbortSignal.any([signal, left]) });
            await put({ type: 'answer', answer });
          } finally {
            if (flights.get(key) === flight) flights.delete(key);
          }
        }),
    );
    flights.set(key, flight);
    return flight;
  };

  return async (call, next) => {
    const { key } = call;
    if (key === undefined) return next(call);
    const running = call.cache === 'refresh' ? undefined : flights.get(key);
    const flight = running ?? takeOff(key, call, next);
    for await (const item of flight.subscribe({ signal: call.signal })) {
      if (item.type !== 'answer') await call.output.send(item);
      else return running === undefined ? item.answer : shared(item.answer);
    }
    throw new Error('A flight ended without an answer');
  };
}

function shared(answer: Answer): Answer {
  const wasAsked = answer.source === 'live' || answer.source === 'fallback';
  return wasAsked ? { ...answer, source: 'coalesced' } : answer;
}
