import type { Trial } from './phase.ts';
import type { StateMachine, Verdict } from './state-machine.ts';

/** Leave for one piece of work to pass a breaker. The first verdict counts, later ones do nothing. */
export class Permit {
  readonly #machine: StateMachine;
  #trial: Trial | undefined;

  constructor(machine: StateMachine, trial: Trial) {
    this.#machine = machine;
    this.#trial = trial;
  }

  succeed(): void {
    this.#settle('good');
  }

  /** An error that doesn't count is no verdict, like `release`. */
  fail(error?: unknown): void {
    if (this.#trial !== undefined) this.#settle(this.#machine.verdictOn(error));
  }

  /** Gives the place back without a verdict. */
  release(): void {
    this.#settle('none');
  }

  #settle(verdict: Verdict): void {
    const trial = this.#trial;
    this.#trial = undefined;
    if (trial !== undefined) this.#machine.settle(trial, verdict);
  }
}
