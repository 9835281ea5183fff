import type { Counts } from './call.ts';
import { json } from './completion.ts';
import { refusal } from './endpoints.ts';
import type { Script } from './fault-plan.ts';
import { faults } from './faults/index.ts';
import type { Step } from './step.ts';

/** What the control endpoint may do: the live face of `Provider`. */
export interface ControlTarget {
  readonly counts: Counts;
  readonly standingFault: string | undefined;
  fail(directive?: string): void;
  script(script: Script): void;
  reset(): void;
  downFor(ms: number): void;
}

interface Command {
  fault?: string | null;
  script?: (string | null)[];
  downMs?: number;
}

/**
 * `GET /control` tells the counts and the names of all faults, `POST` takes
 * `{ fault, script, downMs }`, `DELETE` ends all faults and counts anew.
 */
export function control(target: ControlTarget, method: string, body: unknown): Step[] {
  if (method === 'DELETE') target.reset();
  else if (method === 'POST') command(target, body ?? {});
  else if (method !== 'GET') return refusal(405, `${method} is not a way to talk to /control`);
  const about = Object.fromEntries(
    Object.entries(faults).map(([name, fault]) => [name, fault.about]),
  );
  return json(200, { counts: target.counts, fault: target.standingFault ?? null, faults: about });
}

function command(target: ControlTarget, { fault, script, downMs }: Command): void {
  if (fault !== undefined) target.fail(fault ?? undefined);
  if (Array.isArray(script)) target.script(script.map((entry) => entry ?? undefined));
  else if (script !== undefined) throw new TypeError('Expected `script` to be a list');
  if (typeof downMs === 'number') target.downFor(downMs);
  else if (downMs !== undefined) throw new TypeError('Expected `downMs` to be a number');
}
