import type { Scope, SearchHit, SessionInfo } from '../memory-store.ts';
import { refusedSession } from '../refused.ts';
import { searchTerms } from '../text/search-terms.ts';
import { turnText } from '../text/turn-text.ts';
import type { StoredTurn } from '../turn.ts';
import { TermIndex } from './term-index.ts';

interface Session {
  info: SessionInfo;
  /** The turns' numbers by their ids, in order. */
  turns: Map<string, number>;
}

/** Turns by number, in their sessions, with their index: always changed together. */
export class TurnTable {
  readonly turns = new Map<number, StoredTurn>();
  readonly sessions = new Map<string, Session>();
  /** The numbers of the turns in each user's sessions. */
  readonly #ofUser = new Map<string, Set<number>>();
  readonly #index = new TermIndex();
  #next = 1;

  add(turn: StoredTurn): void {
    const session = this.sessions.get(turn.sessionId) ?? emptySession(turn);
    const { info } = session;
    const owner = info.userId ?? turn.userId;
    if (turn.userId !== undefined && turn.userId !== owner) throw refusedSession(turn.sessionId);
    if (session.turns.has(turn.id)) return;
    const number = this.#next++;
    info.turns++;
    info.updatedAt = Math.max(info.updatedAt, turn.at);
    session.turns.set(turn.id, number);
    this.sessions.set(turn.sessionId, session);
    this.turns.set(number, turn);
    if (owner !== undefined) this.#own(owner, session, number);
    if (turn.kind === 'answer') this.#index.add(number, searchTerms(turnText(turn)));
  }

  remove(number: number): void {
    const turn = this.turns.get(number)!;
    const session = this.sessions.get(turn.sessionId)!;
    if (turn.kind === 'answer') this.#index.remove(number, searchTerms(turnText(turn)));
    this.turns.delete(number);
    session.turns.delete(turn.id);
    this.#disown(session.info.userId, number);
    session.info.turns--;
    if (session.info.turns === 0) this.sessions.delete(turn.sessionId);
  }

  removeSession(id: string): boolean {
    const session = this.sessions.get(id);
    for (const number of session?.turns.values() ?? []) this.remove(number);
    return session !== undefined;
  }

  ofSession(id: string): StoredTurn[] {
    return [...(this.sessions.get(id)?.turns.values() ?? [])].map((n) => this.turns.get(n)!);
  }

  /** The numbers of the turns in the scope; undefined: all. */
  within({ sessionId, userId }: Scope): ReadonlySet<number> | undefined {
    if (sessionId === undefined && userId === undefined) return undefined;
    const own = userId === undefined ? none : (this.#ofUser.get(userId) ?? none);
    const session = sessionId === undefined ? undefined : this.sessions.get(sessionId);
    const isOthers = userId !== undefined && session?.info.userId !== undefined;
    if (session === undefined || isOthers) return own;
    return new Set([...own, ...session.turns.values()]);
  }

  search(scope: Scope, terms: readonly string[]): SearchHit[] {
    return [...this.#index.search(terms, this.within(scope))].map(([number, score]) => ({
      turn: this.turns.get(number)!,
      score,
    }));
  }

  #own(userId: string, { info, turns }: Session, number: number): void {
    const own = this.#ofUser.get(userId) ?? new Set();
    this.#ofUser.set(userId, own);
    // The session was nobody's until now: its earlier turns are theirs too.
    if (info.userId === undefined) for (const earlier of turns.values()) own.add(earlier);
    info.userId = userId;
    own.add(number);
  }

  #disown(userId: string | undefined, number: number): void {
    if (userId === undefined) return;
    const own = this.#ofUser.get(userId);
    own?.delete(number);
    if (own?.size === 0) this.#ofUser.delete(userId);
  }
}

const none: ReadonlySet<number> = new Set();

function emptySession({ sessionId, at }: StoredTurn): Session {
  const info = { id: sessionId, archived: false, createdAt: at, updatedAt: at, turns: 0 };
  return { info, turns: new Map() };
}
