import type { SessionDump } from '../memory-store.ts';
import type { StoredTurn } from '../turn.ts';

/** The session as it will be when what waits for the store is stored. */
export function withQueued(
  dump: SessionDump | undefined,
  id: string,
  queued: readonly StoredTurn[],
): SessionDump | undefined {
  const stored = new Set(dump?.turns.map((turn) => turn.id));
  const waiting = queued.filter((turn) => turn.sessionId === id && !stored.has(turn.id));
  const [first] = waiting;
  if (first === undefined) return dump;
  const { session, turns } = dump ?? { session: emptySession(first), turns: [] };
  const owner = session.userId ?? waiting.find(({ userId }) => userId !== undefined)?.userId;
  // Those of others will be refused.
  const own = waiting.filter(({ userId }) => userId === undefined || userId === owner);
  const all = [...turns, ...structuredClone(own)];
  const updatedAt = own.reduce((latest, { at }) => Math.max(latest, at), session.updatedAt);
  const owned = owner === undefined ? {} : { userId: owner };
  return { session: { ...session, ...owned, updatedAt, turns: all.length }, turns: all };
}

function emptySession({ sessionId: id, at }: StoredTurn): SessionDump['session'] {
  return { id, archived: false, createdAt: at, updatedAt: at, turns: 0 };
}
