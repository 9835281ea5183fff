import type { ChatMessage } from '@kortana/llm';
import { type Memory, recalledContext } from '@kortana/memory';
import type { Clock } from '@kortana/perf';
import type { Cause } from '../answer/receipt.ts';
import type { Journal } from '../observe/journal.ts';
import type { Observer } from '../observe/observer.ts';

export interface ConversationParts {
  memory: Memory;
  clock: Clock;
  observer: Observer;
  background: (work: Promise<unknown>) => void;
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
    const { memory, clock, observer } = this.#parts;
    const startedAt = clock.now();
    // Memory never rejects; one of the user's own making might.
    const recalled = memory.recall({ ...session, query }).catch(nothing);
    const { messages, items, degraded = [] } = await recalled;
    journal.memoryMs = clock.now() - startedAt;
    journal.memoriesUsed = items.map(({ id, text, why, score }) => ({ id, text, why, score }));
    journal.miss(...degraded);
    const [cause] = degraded;
    this.#unread = cause && `the memory is missing (${cause.part}: ${cause.reason})`;
    observer.record('memory_load', journal.memoryMs, cause === undefined);
    return items.length === 0 ? messages : [recalledContext(items), ...messages];
  }

  /** Keeps the turn; nobody waits for it. */
  record(session: Session, messages: ChatMessage[], journal: Journal): void {
    const { memory, clock, observer, background } = this.#parts;
    const { requestId } = journal;
    const startedAt = clock.now();
    const recorded = memory
      .record({ ...session, messages, at: Date.now() }, { opId: requestId })
      .catch(() => 'dropped' as const)
      .then((outcome) => {
        observer.record('memory_record', clock.now() - startedAt, outcome !== 'dropped');
        this.#unwritten = outcome === 'queued' ? 'the memory is behind with writing' : undefined;
        if (outcome !== 'stored') observer.tell({ type: 'memory', requestId, outcome });
      });
    background(recorded);
  }
}

const nothing = (error: unknown): { messages: ChatMessage[]; items: []; degraded: Cause[] } => ({
  messages: [],
  items: [],
  degraded: [{ part: 'memory.window', reason: 'error', message: String(error) }],
});
