interface Verdicts {
  succeed(): void;
  fail(error: unknown): void;
  release(): void;
}

/** Leave for one piece of work to pass a breaker. The first verdict counts, later ones do nothing. */
export class Permit {
  #verdicts: Verdicts | undefined;

  constructor(verdicts: Verdicts) {
    this.#verdicts = verdicts;
  }

  succeed(): void {
    this.#take()?.succeed();
  }

  /** An error that doesn't count is no verdict, like `release`. */
  fail(error?: unknown): void {
    this.#take()?.fail(error);
  }

  /** Gives the place back without a verdict. */
  release(): void {
    this.#take()?.release();
  }

  #take(): Verdicts | undefined {
    const verdicts = this.#verdicts;
    this.#verdicts = undefined;
    return verdicts;
  }
}
