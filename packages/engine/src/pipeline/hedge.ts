import { hedge } from '@kortana/async';
import type { Answer, Stage } from './call.ts';

/**
 * Asks a model that is slow to begin a second time; whichever says the first word wins, the other
 * is aborted. It costs a second call for the slowest few.
 */
export function hedged(delayMs: number, maxCalls: number): Stage {
  return async (call, next) => {
    const { lane, journal, signal } = call;
    let winner: number | undefined;
    const contend = (place: number) => (own: AbortSignal) =>
      new Promise<{ answer: Promise<Answer> }>((resolve, reject) => {
        if (place > 0 && journal.calls >= maxCalls) return reject(new Error('No call is left'));
        const claim = (): void => {
          winner ??= place;
          if (winner !== place) throw new DOMException('Another attempt was faster', 'AbortError');
          resolve({ answer });
        };
        const answer = next({ ...call, signal: own, claim });
        // Whole before the first word was sent: a plain call.
        answer
          .then(() => {
            claim();
          })
          .catch(reject);
      });
    const options = { delayMs, signal, budget: lane.budget };
    const { answer } = await hedge([contend(0), contend(1)], options);
    return answer;
  };
}
