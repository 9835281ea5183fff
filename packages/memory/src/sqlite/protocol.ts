import type { FailureReport } from './failure.ts';
import type { Method } from './operations.ts';
import type { OpenOptions } from './open-file.ts';

/** What the worker is started with. */
export interface WorkerStart extends OpenOptions {
  path: string;
  /** How long a write waits for another process that holds the file. */
  busyTimeoutMs: number;
  /** Where the program is that writes the file anew. */
  rewriter: string;
}

export type Request =
  | { call: number; method: Method; args: unknown[] }
  /** Nobody waits for this call any more. */
  | { cancel: number }
  | { close: true };

export type Reply =
  | { call: number; value: unknown }
  | { call: number; failure: FailureReport }
  | { notice: string }
  | { closed: true };
