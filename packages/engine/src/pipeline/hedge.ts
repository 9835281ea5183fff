import { hedge } from '@kortana/async';
import type { Answer, Stage } from './call.ts';

/**
 * Asks a model that is slow to begin a second time; whichever says the first word wins, the other
 * is aborted. It costs a second call for the slowest few.
 */
export function hedged(delayMs: number, maxCalls: number): Stage {
  return async (call, next) => {
    const { lane, effort, signal } = call;
    let winner: number | undefined;
    let hasFailed = false;

    const contend = (place: number) => (own: AbortSignal) =>
      new Promise<{ answer: Promise<Answer> }>((resolve, reject) => {
        const claim = (): void => {
          winner ??= place;
          if (winner !== place) throw new DOMException('Another attempt was faster', 'AbortError');
          resolve({ answer });
        };
        const answer = next({ ...call, signal: own, claim });
        // An answer without a word is one, too.
        answer.then(claim).catch((error: unknown) => {
          hasFailed = true;
          reject(error);
        });
      });

    // A failure is for the retry, with its pause; a second attempt is only for slowness.
    const second = (own: AbortSignal): Promise<{ answer: Promise<Answer> }> => {
      const mayAsk = !hasFailed && effort.calls < maxCalls && lane.budget.tryExtraCall();
      return mayAsk ? contend(1)(own) : Promise.reject(new Error('No second attempt'));
    };

    try {
      const { answer } = await hedge([contend(0), second], { delayMs, signal });
      return await answer;
    } catch (error) {
      throw error instanceof AggregateError ? error.errors[0] : error;
    }
  };
}
