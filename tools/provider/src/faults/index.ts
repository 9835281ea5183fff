import { parseDirective } from '../directive.ts';
import type { Step } from '../step.ts';
import { breaks } from './breaks.ts';
import { dialects } from './dialects.ts';
import { type Fault, Params } from './fault.ts';
import { statuses } from './statuses.ts';
import { timings } from './timings.ts';

/** Every fault by its name. */
export const faults: Readonly<Record<string, Fault>> = {
  ...timings,
  ...statuses,
  ...breaks,
  ...dialects,
};

const faultNamed = (name: string): Fault => {
  const fault = faults[name];
  if (fault) return fault;
  throw new RangeError(`Unknown fault \`${name}\`; there are: ${Object.keys(faults).join(', ')}`);
};

/** Throws where a directive names a fault that isn't there. */
export function checkDirective(directive: string): void {
  if (typeof directive !== 'string') {
    throw new TypeError(`Expected a fault to be a text, got ${typeof directive}`);
  }
  for (const { name } of parseDirective(directive)) faultNamed(name);
}

/** The steps of a good answer, changed by each fault of the directive in turn. */
export const applyFaults = (steps: Step[], directive: string): Step[] =>
  parseDirective(directive).reduce(
    (changed, { name, params }) => faultNamed(name).apply(changed, new Params(params)),
    steps,
  );
