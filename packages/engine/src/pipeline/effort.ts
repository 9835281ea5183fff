import type { Cause } from '../answer/receipt.ts';
import type { Lane } from '../models/lane.ts';

/** What has been tried for one request to the pipeline. */
export class Effort {
  /** Lanes that never said a word, and such that fell silent in the middle of an answer. */
  readonly silent = new Set<Lane>();
  readonly stalled = new Set<Lane>();
  /** Lanes that said 429 once. */
  readonly limited = new Set<Lane>();
  /** Calls really made. */
  calls = 0;
  /** Why the first model gave no answer, if it was asked and didn't. */
  missing: Cause | undefined;
  readonly #asked = new Set<string>();

  /** Counts a call that is about to be made. The first of a lane is no extra load on it. */
  asking(lane: Lane): void {
    this.calls++;
    if (this.#asked.has(lane.key)) return;
    this.#asked.add(lane.key);
    lane.budget.countCall();
  }

  wasAsked(lane: Lane): boolean {
    return this.#asked.has(lane.key);
  }

  unasked(lanes: readonly Lane[]): number {
    return lanes.filter((lane) => !this.#asked.has(lane.key)).length;
  }
}
