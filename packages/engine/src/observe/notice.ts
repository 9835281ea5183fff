import type { Attempt, Receipt } from '../answer/receipt.ts';

/** What the engine tells its listeners while it works. Never a prompt, an answer or a key. */
export type EngineNotice =
  | { type: 'request'; requestId: string; operation: string }
  | { type: 'attempt'; requestId: string; attempt: Attempt }
  | {
      type: 'retry';
      requestId: string;
      model: string;
      attempt: number;
      delayMs: number;
      code: string;
    }
  | { type: 'failover'; requestId: string; from: string; to: string; code: string }
  | { type: 'recovery'; requestId: string; how: 'continue'; model: string }
  | { type: 'recovery'; requestId: string; how: 'restart' }
  | { type: 'breaker'; model: string; from: string; to: string; reason: string }
  | { type: 'memory'; requestId: string; outcome: 'queued' | 'dropped' }
  | { type: 'reply'; requestId: string; operation: string; receipt: Receipt }
  | {
      type: 'failure';
      requestId: string;
      operation: string;
      code: string;
      message: string;
      retryAfterMs?: number;
      attempts: Attempt[];
      totalMs: number;
    }
  | { type: 'aborted'; requestId: string; operation: string; totalMs: number };

export type Tell = (notice: EngineNotice) => void;
