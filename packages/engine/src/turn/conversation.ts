import type { ChatMessage } from '@kortana/llm';
import { withTimeout } from '@kortana/async';
import {
  type Memory,
  recalledContext,
  type RecallRequest,
  type Recollection,
  type RecordResult,
  type Turn,
} from '@kortana/memory';
import type { Clock } from '@kortana/perf';
import type { Journal } from '../observe/journal.ts';
import type { Observer } from '../observe/observer.ts';

export interface ConversationParts {
  memory: Memory;
  clock: Clock;
  observer: Observer;
  background: (run: () => Promise<unknown>) => void;
}

/** Whose memory it is. */
export interface Session {
  sessionId: string;
  userId?: string | undefined;
}

/** Memory in and out, in such a way that it never holds up an answer, nor costs one. */
export class Conversation {
  readonly #parts: ConversationParts;
  #unread: string | undefined;
  #unwritten: string | undefined;

  constructor(parts: ConversationParts) {
    this.#parts = parts;
  }

  /** What was wrong with the memory the last time, in words. */
  get trouble(): string | undefined {
    return this.#unread ?? this.#unwritten;
  }

  /** What goes before the message: what is remembered, as far as it came in time. */
  async recall(session: Session, query: string, journal: Journal): Promise<ChatMessage[]> {
    const { clock, observer } = this.#parts;
    const startedAt = clock.now();
    const { messages, items, degraded = [] } = await this.#recall({ ...session, query });
    journal.memoryMs = clock.now() - startedAt;
    journal.memoriesUsed = items.map(({ id, text, why, score }) => ({ id, text, why, score }));
    journal.miss(...degraded);
    const [cause] = degraded;
    this.#unread = cause && `The memory is missing (${cause.part}: ${cause.reason})`;
    observer.record('memory_load', journal.memoryMs, cause === undefined);
    return items.length === 0 ? messages : [recalledContext(items), ...messages];
  }

  /** Keeps the turn; nobody waits for it. */
  record(session: Session, messages: ChatMessage[], journal: Journal): void {
    const { clock, observer, background } = this.#parts;
    const { requestId } = journal;
    const startedAt = clock.now();
    const turn = { ...session, messages, at: Date.now() };
    background(async () => {
      const outcome = await this.#record(turn, requestId);
      observer.record('memory_record', clock.now() - startedAt, outcome !== 'dropped');
      this.#unwritten = outcome === 'queued' ? 'The memory is behind with writing' : undefined;
      if (outcome !== 'stored') observer.tell({ type: 'memory', requestId, outcome });
    });
  }

  /** Writes out what the memory still holds, as far as it goes in that time. Never rejects. */
  async flush(timeoutMs: number): Promise<void> {
    const { memory } = this.#parts;
    await withTimeout(() => memory.flush({ timeoutMs }), { timeoutMs }).catch(() => {});
  }

  // Memory never rejects; one of the user's own making might do anything.

  async #recall(request: RecallRequest): Promise<Recollection> {
    try {
      return await this.#parts.memory.recall(request);
    } catch (error) {
      const cause = { part: 'memory.window', reason: 'error', message: String(error) } as const;
      return { messages: [], items: [], degraded: [cause] };
    }
  }

  async #record(turn: Turn, opId: string): Promise<RecordResult> {
    try {
      return await this.#parts.memory.record(turn, { opId });
    } catch {
      return 'dropped';
    }
  }
}
