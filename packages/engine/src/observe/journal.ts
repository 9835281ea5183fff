import type { Attempt, Cause, MemoryUsed } from '../answer/receipt.ts';
import type { Lane } from '../models/lane.ts';
import type { Tell } from './notice.ts';

/** What has happened for one request so far; the receipt is made from it. */
export class Journal {
  readonly requestId: string;
  readonly startedAt: number;
  /** The lane that is asked first; another one's answer is a stand-in's. */
  readonly primary: Lane;
  readonly attempts: Attempt[] = [];
  readonly degraded: Cause[] = [];
  /** Lanes that never said a word, and such that fell silent in the middle of an answer. */
  readonly silent = new Set<Lane>();
  readonly stalled = new Set<Lane>();
  /** Lanes that said 429 once. */
  readonly limited = new Set<Lane>();
  memoriesUsed: MemoryUsed[] = [];
  memoryMs = 0;
  cacheMs = 0;
  firstTokenAt: number | undefined;
  /** Calls really made. */
  calls = 0;
  readonly #asked = new Set<string>();
  readonly #tell: Tell;

  constructor(requestId: string, startedAt: number, primary: Lane, tell: Tell) {
    this.requestId = requestId;
    this.startedAt = startedAt;
    this.primary = primary;
    this.#tell = tell;
  }

  /** For work that goes on for the same request when that has its answer. */
  anew(): Journal {
    return new Journal(this.requestId, this.startedAt, this.primary, this.#tell);
  }

  miss(...causes: readonly Cause[]): void {
    for (const cause of causes) {
      if (!this.degraded.some(({ part }) => part === cause.part)) this.degraded.push(cause);
    }
  }

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

  attempted(lane: Lane, outcome: Attempt['outcome'], ms: number, code?: string): void {
    const {
      name: model,
      model: { provider },
    } = lane;
    const attempt: Attempt = { model, provider, outcome, ...(code !== undefined && { code }), ms };
    this.attempts.push(attempt);
    this.#tell({ type: 'attempt', requestId: this.requestId, attempt });
  }

  retrying(lane: Lane, attempt: number, delayMs: number, code: string): void {
    const { requestId } = this;
    this.#tell({ type: 'retry', requestId, model: lane.name, attempt, delayMs, code });
  }

  movedOn(from: Lane, to: Lane, code: string): void {
    this.#tell({ type: 'failover', requestId: this.requestId, from: from.name, to: to.name, code });
  }

  /** @param lane asked to go on; undefined: the answer is begun anew */
  recovering(lane: Lane | undefined): void {
    const { requestId } = this;
    if (lane === undefined) this.#tell({ type: 'recovery', requestId, how: 'restart' });
    else this.#tell({ type: 'recovery', requestId, how: 'continue', model: lane.name });
  }
}
