import type { SessionKey, WindowLimits } from './memory-store.ts';
import { fitWindow } from './recall/fit-window.ts';
import type { StoredTurn } from './turn.ts';

const mostSessions = 1_000;

/**
 * The newest turns of the sessions last seen by this process: what a chat lives on while the store
 * is down. Bounded by the window's limits for each session, and by 1,000 sessions.
 */
export class Tail {
  readonly #sessions = new Map<string, StoredTurn[]>();
  readonly #limits: WindowLimits;
  #removals = 0;

  constructor(limits: WindowLimits) {
    this.#limits = limits;
  }

  add(turn: StoredTurn): void {
    const turns = this.get(turn);
    if (!turns.some(({ id }) => id === turn.id)) this.#replace(turn.sessionId, [...turns, turn]);
  }

  /**
   * Begins a look at the store; what it gives back takes what the look has found. Turns that came
   * meanwhile stay, and what was forgotten meanwhile isn't brought back.
   */
  refresher(session: SessionKey): (turns: readonly StoredTurn[]) => void {
    const before = new Set(this.get(session).map(({ id }) => id));
    const removals = this.#removals;
    return (turns) => {
      if (turns.length === 0 || this.#removals !== removals) return;
      const found = new Set(turns.map(({ id }) => id));
      const isNew = ({ id }: StoredTurn) => !before.has(id) && !found.has(id);
      this.#replace(session.sessionId, [...turns, ...this.get(session).filter(isNew)]);
    };
  }

  #replace(sessionId: string, turns: readonly StoredTurn[]): void {
    this.#sessions.delete(sessionId);
    if (turns.length === 0) return;
    this.#sessions.set(sessionId, fitWindow(turns.toReversed(), this.#limits));
    if (this.#sessions.size <= mostSessions) return;
    this.#sessions.delete(this.#sessions.keys().next().value!);
  }

  get(session: SessionKey): StoredTurn[] {
    const turns = this.#sessions.get(session.sessionId) ?? [];
    return turns.every((turn) => isReadable(turn, session)) ? turns : [];
  }

  /** Forgets what the predicate names. */
  remove(isGone: (turn: StoredTurn) => boolean): void {
    this.#removals++;
    for (const [id, turns] of this.#sessions) {
      if (turns.some(isGone))
        this.#replace(
          id,
          turns.filter((turn) => !isGone(turn)),
        );
    }
  }
}

/** Whether the turn is of that session, and not of another user than the one who asks. */
export function isReadable(turn: StoredTurn, { sessionId, userId }: SessionKey): boolean {
  if (turn.sessionId !== sessionId) return false;
  return userId === undefined || turn.userId === undefined || turn.userId === userId;
}
