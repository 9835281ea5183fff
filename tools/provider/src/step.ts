import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * One thing the server does on the wire. An answer is a list of steps, and every fault is a
 * change to that list: so faults combine, and none needs a place of its own in the server.
 */
export type Step =
  | { do: 'head'; status: number; headers: Record<string, string> }
  | { do: 'write'; data: string | Uint8Array }
  /** `Infinity` waits until the caller hangs up. */
  | { do: 'wait'; ms: number }
  | { do: 'reset' }
  | { do: 'end' };

const forever = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

const pause = (ms: number, signal: AbortSignal) =>
  ms === Infinity ? forever(signal) : wait(ms, undefined, { signal }).catch(() => undefined);

/** How it ended: all steps done, a reset of ours, or the caller hung up. */
export type Ending = 'answered' | 'broken' | 'aborted';

/** Does the steps in order, and stops where the caller has hung up (`signal`). */
export async function perform(
  steps: readonly Step[],
  response: ServerResponse,
  signal: AbortSignal,
): Promise<Ending> {
  // A response lets go of its socket when it ends; a fault may still want to reset it.
  const { socket } = response;
  for (const step of steps) {
    if (signal.aborted) return 'aborted';
    switch (step.do) {
      case 'head':
        response.writeHead(step.status, step.headers);
        // Node holds the head back until the first write; a stalled stream must show its head.
        response.flushHeaders();
        break;
      case 'write':
        if (!response.write(step.data)) {
          await new Promise<void>((resolve) => {
            response.once('drain', resolve);
            signal.addEventListener('abort', () => resolve(), { once: true });
          });
        }
        break;
      case 'wait':
        await pause(step.ms, signal);
        break;
      case 'reset':
        // A TCP reset, not a polite close: what a crashed or firewalled server looks like.
        socket?.resetAndDestroy();
        return 'broken';
      case 'end':
        response.end();
        break;
    }
  }
  return signal.aborted ? 'aborted' : 'answered';
}
