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
  readonly #index = new TermIndex();
  #next = 1;

  add(turn: StoredTurn): void {
    const session = this.sessions.get(turn.sessionId) ?? emptySession(turn);
    const { info } = session;
    const owner = info.userId ?? turn.userId;
    if (turn.userId !== undefined && turn.userId !== owner) throw refusedSession(turn.sessionId);
    if (session.turns.has(turn.id)) return;
    const number = this.#next++;
    if (owner !== undefined) info.userId = owner;
    info.turns++;
    info.updatedAt = Math.max(info.updatedAt, turn.at);
    session.turns.set(turn.id, number);
    this.sessions.set(turn.sessionId, session);
    this.turns.set(number, turn);
    if (turn.kind === 'answer') this.#index.add(number, searchTerms(turnText(turn)));
  }

  remove(number: number): void {
    const turn = this.turns.get(number)!;
    const session = this.sessions.get(turn.sessionId)!;
    if (turn.kind === 'answer') this.#index.remove(number, searchTerms(turnText(turn)));
    this.turns.delete(number);
    session.turns.delete(turn.id);
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

  inScope(turn: StoredTurn, { sessionId, userId }: Scope): boolean {
    if (sessionId === undefined && userId === undefined) return true;
    const owner = this.sessions.get(turn.sessionId)?.info.userId;
    if (userId !== undefined && owner === userId) return true;
    return turn.sessionId === sessionId && (userId === undefined || owner === undefined);
  }

  search(scope: Scope, terms: readonly string[]): SearchHit[] {
    const { sessionId, userId } = scope;
    const isOneSession = sessionId !== undefined && userId === undefined;
    const among = isOneSession
      ? [...(this.sessions.get(sessionId)?.turns.values() ?? [])]
      : undefined;
    return [...this.#index.search(terms, among)]
      .map(([number, score]) => ({ turn: this.turns.get(number)!, score }))
      .filter(({ turn }) => this.inScope(turn, scope));
  }
}

function emptySession({ sessionId, at }: StoredTurn): Session {
  const info = { id: sessionId, archived: false, createdAt: at, updatedAt: at, turns: 0 };
  return { info, turns: new Map() };
}
