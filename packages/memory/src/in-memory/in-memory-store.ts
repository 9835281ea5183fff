import { checkInteger } from '@kortana/errors';
import type { Fact, MemoryStore, SessionInfo } from '../memory-store.ts';
import { fitWindow } from '../recall/fit-window.ts';
import { storedTurn } from '../stored-turn.ts';
import { inMemoryVectors } from './in-memory-vectors.ts';
import { expiredTurns } from './expired-turns.ts';
import { TurnTable } from './turn-table.ts';

export interface InMemoryStoreOptions {
  /** From 1 up; the oldest turn goes for a new one. Default: 10,000. */
  maxTurns?: number | undefined;
}

/** A store that ends with the process: for tests, and where nothing is to be kept. */
export function inMemoryStore(options: InMemoryStoreOptions = {}): MemoryStore {
  const maxTurns = checkInteger('maxTurns', options.maxTurns ?? 10_000, { min: 1 });
  const table = new TurnTable();
  const facts = new Map<string, Fact>();

  const change = (id: string, apply: (info: SessionInfo) => void): boolean => {
    const session = table.sessions.get(id);
    if (session !== undefined) apply(session.info);
    return session !== undefined;
  };
  const removeFacts = (userId: string) =>
    [...facts.values()].filter((fact) => fact.userId === userId && facts.delete(fact.id)).length;

  return {
    name: 'memory',
    async append(turn, { opId }) {
      table.add(storedTurn(turn, opId));
      if (table.turns.size > maxTurns) table.remove(table.turns.keys().next().value!);
    },
    async window({ sessionId, userId }, limits) {
      const owner = table.sessions.get(sessionId)?.info.userId ?? userId;
      if (userId !== undefined && owner !== userId) return [];
      return structuredClone(fitWindow(table.ofSession(sessionId).toReversed(), limits));
    },
    async search(scope, { terms, k }) {
      const hits = table.search(scope, terms).sort((a, b) => b.score - a.score);
      return structuredClone(hits.slice(0, k));
    },
    vectors: inMemoryVectors(table),
    facts: {
      async put(fact) {
        facts.delete(fact.id);
        facts.set(fact.id, { ...fact });
      },
      async list({ userId, limit = 1_000 }) {
        const own = [...facts.values()].filter((fact) => fact.userId === userId).toReversed();
        return structuredClone(own.slice(0, limit));
      },
      async delete(id) {
        return facts.delete(id);
      },
    },
    sessions: {
      async list({ userId, archived = false, limit = 100, offset = 0 } = {}) {
        const found = [...table.sessions.values()]
          .map(({ info }) => info)
          .filter((info) => userId === undefined || info.userId === userId)
          .filter((info) => archived === 'all' || info.archived === archived)
          .sort((a, b) => b.updatedAt - a.updatedAt);
        return structuredClone(found.slice(offset, offset + limit));
      },
      async rename(id, title) {
        return change(id, (info) => (info.title = title));
      },
      async archive(id, archived) {
        return change(id, (info) => (info.archived = archived));
      },
      async delete(id) {
        return table.removeSession(id);
      },
      async export(id) {
        const session = table.sessions.get(id)?.info;
        return session && structuredClone({ session, turns: table.ofSession(id) });
      },
    },
    async deleteUser(userId) {
      const own = [...table.sessions.values()].filter(({ info }) => info.userId === userId);
      const turns = own.reduce((sum, { info }) => sum + info.turns, 0);
      for (const { info } of own) table.removeSession(info.id);
      return { sessions: own.length, turns, facts: removeFacts(userId) };
    },
    async prune(policy) {
      const expired = expiredTurns(table.turns, policy);
      for (const number of expired) table.remove(number);
      return expired.length;
    },
    async stats() {
      const bytes = JSON.stringify([...table.turns.values(), ...facts.values()]).length;
      return { sessions: table.sessions.size, turns: table.turns.size, facts: facts.size, bytes };
    },
    async ping() {
      return { ok: true, store: 'memory', notices: [] };
    },
    async close() {
      for (const id of table.sessions.keys()) table.removeSession(id);
      facts.clear();
    },
  };
}
