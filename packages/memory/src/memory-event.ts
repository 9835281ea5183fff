import type { DropReason } from './outbox/outbox.ts';

/** What happens to a memory between calls. */
export type MemoryEvent =
  /** The store (or its facts, its search, or the vectors) doesn't answer; recall goes on without. */
  | { type: 'down'; what: 'store' | 'facts' | 'search' | 'vectors'; message: string }
  | { type: 'up'; what: 'store' | 'facts' | 'search' | 'vectors' }
  /** The store doesn't keep up with writing: from now on turns are queued. */
  | { type: 'behind'; message: string }
  /** All queued turns are stored. */
  | { type: 'caughtUp'; replayed: number }
  /** A turn is lost for the store, and why. */
  | { type: 'dropped'; sessionId: string; opId: string; reason: DropReason }
  /** The store did something one should know: it moved a corrupt file aside. */
  | { type: 'notice'; message: string };
