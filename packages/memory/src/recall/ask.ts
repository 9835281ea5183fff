import { KortanaError, TimeoutError } from '@kortana/errors';
import type { Cause, MemoryPart } from '../cause.ts';
import { memoryError, within } from '../within.ts';
import type { Gate } from './gate.ts';

export interface Question<T> {
  part: MemoryPart;
  /** Must all be up for it to be asked; the first one learns how it went. */
  gates: [own: Gate, ...others: Gate[]];
  /** Down the sooner where both fail. */
  beside?: Gate;
  deadlineMs: number;
  /** Who is asked no more is not to blame. */
  signal: AbortSignal | undefined;
  ask: (signal: AbortSignal) => Promise<T>;
  /** What it is without an answer. */
  otherwise: T;
}

export interface Answer<T> {
  value: T;
  cause?: Cause;
}

/** Asks one part of the memory. Never rejects and never takes longer than the deadline. */
export async function ask<T>(question: Question<T>): Promise<Answer<T>> {
  const { part, gates, beside, deadlineMs, signal: ended, otherwise } = question;
  const refusal = gates.map((gate) => gate.refusal).find((refused) => refused !== undefined);
  if (refusal) return { value: otherwise, cause: causeOf(part, 'down', refusal.error) };
  try {
    const value = await within(async (signal) => question.ask(signal), {
      timeoutMs: deadlineMs - spareMs(deadlineMs),
      operation: part,
      signal: ended,
    });
    gates[0].succeed();
    return { value };
  } catch (error) {
    if (!ended?.aborted) {
      gates[0].fail(error);
      beside?.failBeside(error);
    }
    const reason = TimeoutError.isInstance(error) ? 'timeout' : 'error';
    return { value: otherwise, cause: causeOf(part, reason, error) };
  }
}

/** Timers fire late, and what came in time has yet to be put together: both are within the deadline. */
function spareMs(deadlineMs: number): number {
  return Math.min(8, deadlineMs / 10);
}

export function causeOf(part: MemoryPart, reason: Cause['reason'], error: unknown): Cause {
  const { code, message } = KortanaError.isInstance(error) ? error : memoryError(error, part);
  return { part, reason, code, message };
}
