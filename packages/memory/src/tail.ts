import type { SessionKey, WindowLimits } from './memory-store.ts';
import { onceEach } from './once-each.ts';
import { fitWindow } from './recall/fit-window.ts';
import type { StoredTurn } from './turn.ts';

const mostSessions = 1_000;
/** Of text, images and arguments together, in UTF-16 units: images are long, whatever they count for. */
const mostLength = 64 * 2 ** 20;

interface Remembered {
  turns: StoredTurn[];
  length: number;
}

/**
 * The newest turns of the sessions last seen by this process: what a chat lives on while the store
 * is down. Bounded by the window's limits for each session, by 1,000 sessions, and by their length.
 */
export class Tail {
  /** The one seen last comes last. */
  readonly #sessions = new Map<string, Remembered>();
  readonly #limits: WindowLimits;
  #length = 0;
  #removals = 0;

  constructor(limits: WindowLimits) {
    this.#limits = limits;
  }

  /** Not into another user's session: the store will refuse it. */
  add(turn: StoredTurn): void {
    const turns = this.#turns(turn.sessionId);
    if (!this.isOpenTo(turn) || turns.some(({ id }) => id === turn.id)) return;
    this.#replace(turn.sessionId, [...turns, turn]);
  }

  /** Whether no other user is known in the session. */
  isOpenTo(session: SessionKey): boolean {
    return this.#turns(session.sessionId).every((turn) => isReadable(turn, session));
  }

  get(session: SessionKey): StoredTurn[] {
    return this.isOpenTo(session) ? this.#turns(session.sessionId) : [];
  }

  /**
   * Begins a look at the store; what it gives back takes what the look has found. Turns that came
   * meanwhile stay, and what was forgotten meanwhile isn't brought back.
   */
  refresher(session: SessionKey): (turns: readonly StoredTurn[]) => void {
    const before = new Set(this.#turns(session.sessionId).map(({ id }) => id));
    const removals = this.#removals;
    return (turns) => {
      if (this.#removals !== removals) return;
      // Nothing found may mean that it is another user's.
      if (turns.length === 0 && !this.isOpenTo(session)) return;
      const present = this.get(session);
      const known = new Map(present.map((turn) => [turn.id, turn]));
      const found = new Set(turns.map(({ id }) => id));
      const isNew = ({ id }: StoredTurn) => !before.has(id) && !found.has(id);
      // What is there already stays the same object: new ones that live long are dear to collect.
      const same = turns.map((turn) => known.get(turn.id) ?? turn);
      this.#replace(session.sessionId, [...same, ...present.filter(isNew)]);
    };
  }

  /** Forgets what the predicate names. */
  remove(isGone: (turn: StoredTurn) => boolean): void {
    this.#removals++;
    for (const [id, { turns }] of this.#sessions) {
      const left = turns.filter((turn) => !isGone(turn));
      if (left.length < turns.length) this.#replace(id, left);
    }
  }

  #turns(sessionId: string): StoredTurn[] {
    return this.#sessions.get(sessionId)?.turns ?? [];
  }

  #replace(sessionId: string, all: readonly StoredTurn[]): void {
    this.#drop(sessionId);
    const turns = fitWindow(all.toReversed(), this.#limits);
    if (turns.length === 0) return;
    const length = lengthOf(turns);
    this.#sessions.set(sessionId, { turns, length });
    this.#length += length;
    for (const id of this.#sessions.keys()) {
      const isTooMuch = this.#sessions.size > mostSessions || this.#length > mostLength;
      if (id === sessionId || !isTooMuch) return;
      this.#drop(id);
    }
  }

  #drop(sessionId: string): void {
    this.#length -= this.#sessions.get(sessionId)?.length ?? 0;
    this.#sessions.delete(sessionId);
  }
}

function lengthOf(turns: readonly StoredTurn[]): number {
  return turns.reduce((sum, turn) => sum + turnLength(turn), 0);
}

const turnLength = onceEach(({ messages }: StoredTurn) => textLength(messages));

/** Of all texts in it. */
function textLength(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, field) => sum + textLength(field), 0);
}

/** Whether the turn is of that session, and not of another user than the one who asks. */
export function isReadable(turn: StoredTurn, { sessionId, userId }: SessionKey): boolean {
  if (turn.sessionId !== sessionId) return false;
  return userId === undefined || turn.userId === undefined || turn.userId === userId;
}
