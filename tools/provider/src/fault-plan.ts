import { parseDirective } from './directive.ts';
import { Params } from './faults/fault.ts';

/** What a script is asked about: the number of the call (from 1) and what it wants. */
export interface CallInfo {
  number: number;
  model: string;
  stream: boolean;
}

/** A directive for each call in turn (`undefined`: none), or a function that decides. */
export type Script = readonly (string | undefined)[] | ((call: CallInfo) => string | undefined);

/** Directives that are remembered for `times=`; the oldest is forgotten. */
const maxRemembered = 10_000;

/**
 * Decides which faults a call gets. The script comes first, then the standing fault, then what
 * the request itself asks for. `times=2` in a directive lets it hold for its first two calls,
 * `every=3` for each third, `rate=0.3` for three in ten, by the dice.
 */
export class FaultPlan {
  #script: Script;
  #standing: string | undefined;
  #scriptedFrom = 0;
  readonly #seen = new Map<string, number>();
  readonly #random: () => number;

  constructor(script: Script, standing: string | undefined, random: () => number) {
    this.#script = script;
    this.#standing = standing;
    this.#random = random;
  }

  /** A list begins with the call after `callsSoFar`. */
  script(script: Script, callsSoFar: number): void {
    this.#script = script;
    this.#scriptedFrom = callsSoFar;
  }

  stand(directive: string | undefined): void {
    this.#standing = directive;
  }

  get standing(): string | undefined {
    return this.#standing;
  }

  clear(): void {
    this.#script = [];
    this.#standing = undefined;
    this.#seen.clear();
  }

  for(call: CallInfo, asked: string | undefined): string | undefined {
    const scripted =
      typeof this.#script === 'function'
        ? this.#script(call)
        : this.#script[call.number - this.#scriptedFrom - 1];
    const directive = scripted ?? this.#standing ?? asked;
    return directive !== undefined && this.#holds(directive) ? directive : undefined;
  }

  #holds(directive: string): boolean {
    const orders = parseDirective(directive).map((order) => order.params);
    const params = new Params(Object.assign({}, ...orders) as Record<string, string>);
    const times = params.number('times', Infinity);
    const every = params.number('every', 1);
    const seen = (this.#seen.get(directive) ?? 0) + 1;
    if (times !== Infinity || every !== 1) {
      this.#seen.set(directive, seen);
      if (this.#seen.size > maxRemembered) this.#seen.delete(this.#seen.keys().next().value!);
    }
    if (seen > times || seen % every !== 0) return false;
    const rate = params.number('rate', 1);
    return rate === 1 || this.#random() < rate;
  }
}
