/** One request that the server got, as a test looks at it. */
export interface Call {
  /** From 1, over all endpoints that a model answers. */
  number: number;
  path: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: unknown;
  /** The directive that held for it. */
  fault?: string;
  /** `'aborted'`: the caller hung up first. `'broken'`: a fault ended it. */
  outcome: 'open' | 'answered' | 'aborted' | 'broken';
}

/** What has happened so far. */
export interface Counts {
  calls: number;
  answered: number;
  aborted: number;
  broken: number;
  open: number;
  /** The most calls that were open at once. */
  peak: number;
  connections: number;
}

/** Keeps the last calls and counts all of them. */
export class CallLog {
  readonly #max: number;
  readonly #calls: Call[] = [];
  #total = 0;
  #peak = 0;
  #connections = 0;
  readonly #settled = { answered: 0, aborted: 0, broken: 0 };
  #open = 0;
  readonly #listeners = new Set<(call: Call) => void>();

  constructor(max: number) {
    this.#max = max;
  }

  get calls(): readonly Call[] {
    return this.#calls;
  }

  get counts(): Counts {
    return {
      calls: this.#total,
      ...this.#settled,
      open: this.#open,
      peak: this.#peak,
      connections: this.#connections,
    };
  }

  connected(): void {
    this.#connections += 1;
  }

  begin(call: Omit<Call, 'number' | 'outcome'>): Call {
    const begun: Call = { ...call, number: (this.#total += 1), outcome: 'open' };
    this.#open += 1;
    this.#peak = Math.max(this.#peak, this.#open);
    this.#calls.push(begun);
    if (this.#calls.length > this.#max) this.#calls.shift();
    return begun;
  }

  settle(call: Call, outcome: 'answered' | 'aborted' | 'broken'): void {
    if (call.outcome !== 'open') return;
    call.outcome = outcome;
    this.#open -= 1;
    this.#settled[outcome] += 1;
    for (const listener of this.#listeners) listener(call);
  }

  /** The next call that settles so, from now on. */
  next(outcome: Call['outcome']): Promise<Call> {
    return new Promise((resolve) => {
      const listener = (call: Call) => {
        if (call.outcome !== outcome) return;
        this.#listeners.delete(listener);
        resolve(call);
      };
      this.#listeners.add(listener);
    });
  }

  /** Forgets what is settled; open calls stay open, and numbers start anew. */
  clear(): void {
    this.#calls.length = 0;
    this.#total = 0;
    this.#peak = this.#open;
    this.#connections = 0;
    Object.assign(this.#settled, { answered: 0, aborted: 0, broken: 0 });
  }
}
