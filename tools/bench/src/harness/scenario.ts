/** One thing to compare: the same work done by ours and by its peers. */
export interface Scenario {
  /** Unique within its group; the row's title in the table. */
  name: string;
  /** What is measured; default: `ns/op`, CPU time (all threads, so garbage collection counts) for one operation. */
  unit?: string;
  /** The ratio to the best peer that we mean to reach. */
  reach?: number;
  ours: Candidate;
  /** By name, as on npm. */
  peers: Record<string, Candidate>;
  /** The least that anyone must do here: no rival, but what the machine itself takes. */
  floor?: Floor;
}

export interface Floor {
  /** In a few words. */
  what: string;
  work: Candidate;
}

/** Imports what it needs and sets up; each runs in a process of its own. */
export type Candidate = () => Work | Promise<Work>;

/** Either work to be timed, or something that measures itself (bytes, the longest pause). */
export type Work =
  | {
      /** How many operations one `run` does; some 1000 to 100 000, so that a run takes about 1 ms. */
      ops: number;
      /** Returns something that depends on the work, so that it can't be optimized away. */
      run(): unknown;
    }
  | { measure(): number | Promise<number> };

/** One candidate's medians and spread. */
export interface Figures {
  median: number;
  min: number;
  max: number;
}

export interface Result {
  scenario: Pick<Scenario, 'name' | 'unit' | 'reach'>;
  ours: Figures;
  peers: Record<string, Figures>;
  floor?: Figures & Pick<Floor, 'what'>;
}
