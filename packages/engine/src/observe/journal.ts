import type { Attempt, Cause, MemoryUsed } from '../answer/receipt.ts';
import type { Lane } from '../models/lane.ts';
import type { Tell } from './notice.ts';

/** What has happened for one request so far; the receipt is made from it. */
export class Journal {
  readonly requestId: string;
  readonly startedAt: number;
  /** The lane that is asked first; another one's answer is a stand-in's. */
  readonly primary: Lane;
  readonly degraded: Cause[] = [];
  memoriesUsed: MemoryUsed[] = [];
  memoryMs = 0;
  cacheMs = 0;
  firstTokenAt: number | undefined;
  readonly #attempts: Attempt[] = [];
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

  /** A copy: a call that nobody waits for any more may still end later. Until then it is an aborted one. */
  get attempts(): Attempt[] {
    return [...this.#attempts];
  }

  /** A call begins; gives back what is to be told of its end. */
  attempting({ name: model, provider }: Lane) {
    const place = this.#attempts.push({ model, provider, outcome: 'aborted', ms: 0 }) - 1;
    return (outcome: Attempt['outcome'], ms: number, code?: string): void => {
      const attempt = { model, provider, outcome, ...(code !== undefined && { code }), ms };
      this.#attempts[place] = attempt;
      this.#tell({ type: 'attempt', requestId: this.requestId, attempt });
    };
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
