/** The parts of memory that can be missing by themselves. */
export type MemoryPart = 'memory.window' | 'memory.facts' | 'memory.search' | 'memory.vectors';

/** Why an answer was given without a part of the memory. */
export interface Cause {
  part: MemoryPart;
  /**
   * - `timeout`: it didn't come within its deadline.
   * - `error`: it failed.
   * - `down`: it failed before and wasn't asked; it is tried again in the background.
   * - `invalid`: the request made no sense.
   */
  reason: 'timeout' | 'error' | 'down' | 'invalid';
  /** The code of the error behind it, where there is one. */
  code?: string;
  message: string;
}
