import type { Step } from '../step.ts';

/** A way to fail: what it looks like, and how it changes the steps of a good answer. */
export interface Fault {
  about: string;
  apply(steps: Step[], params: Params): Step[];
}

/** The parameters of a directive, read with their defaults. */
export class Params {
  readonly #values: Record<string, string>;

  constructor(values: Record<string, string>) {
    this.#values = values;
  }

  text(name: string, byDefault: string): string {
    return this.#values[name] ?? byDefault;
  }

  number(name: string, byDefault: number): number {
    const value = Number(this.#values[name] ?? byDefault);
    if (Number.isNaN(value))
      throw new RangeError(`Expected \`${name}\` to be a number, got ${this.#values[name]}`);
    return value;
  }
}

export const isStream = (steps: readonly Step[]): boolean =>
  steps[0]?.do === 'head' && steps[0].headers['content-type'] === 'text/event-stream';

/** Changes each piece that goes over the wire as text. */
export const mapWrites = (
  steps: readonly Step[],
  change: (text: string, index: number) => Step[],
): Step[] =>
  steps.flatMap((step, index) =>
    step.do === 'write' && typeof step.data === 'string' ? change(step.data, index) : [step],
  );

/**
 * What goes out before a break: of a stream the head, the preamble and `after` content events;
 * of a plain reply the head and half of the body.
 */
export function headOf(steps: readonly Step[], after: number): Step[] {
  if (isStream(steps)) {
    let events = -1;
    const end = steps.findIndex((step) => step.do === 'write' && (events += 1) > after);
    return steps.slice(0, end === -1 ? -1 : end);
  }
  return mapWrites(steps.slice(0, -1), (text) => [
    { do: 'write', data: text.slice(0, text.length / 2) },
  ]);
}

export const write = (data: string): Step => ({ do: 'write', data });

export const isFinish = (text: string): boolean => /"finish_reason":"/.test(text);

/** Everything up to the event with the finish_reason. */
export function untilFinish(steps: readonly Step[]): Step[] {
  const at = steps.findIndex((step) => step.do === 'write' && isFinish(String(step.data)));
  return steps.slice(0, at + 1);
}
