import { createHash } from 'node:crypto';
import { checkObject, checkString } from '@kortana/errors';
import { checkFilled, checkId } from './check-turn.ts';
import type { Fact, MemoryStore, SessionDump } from './memory-store.ts';
import { withQueued } from './sessions/with-queued.ts';
import type { StoredTurn } from './turn.ts';

/** All that is kept of a user. */
export interface UserDump {
  userId: string;
  facts: Fact[];
  sessions: SessionDump[];
}

/** More sessions or facts than anyone has. */
const everything = 1_000_000;

/** The same words of the same user are the same fact: a hash of both is its id. */
export function factOf(
  fact: { userId: string; text: string },
  mask: (text: string) => string,
): Fact {
  const userId = checkId('userId', checkObject('fact', fact).userId);
  const text = mask(checkFilled('text', checkString('text', fact.text).trim()));
  const hash = createHash('sha256').update(JSON.stringify([userId, text]));
  return { id: hash.digest('hex').slice(0, 24), userId, text, at: Date.now() };
}

/** The sessions of the user; `queued`: turns that wait for the store, and may be the first of one. */
export async function sessionsOf(
  store: MemoryStore,
  userId: string,
  queued: readonly StoredTurn[],
): Promise<Set<string>> {
  const filter = { userId, archived: 'all', limit: everything } as const;
  const own = new Set((await store.sessions.list(filter)).map(({ id }) => id));
  for (const { sessionId: id } of queued.filter((turn) => turn.userId === userId)) {
    if (own.has(id)) continue;
    // It may be another's, and refuse the turn.
    const dump = withQueued(await store.sessions.export(id), id, queued);
    if (dump?.session.userId === userId) own.add(id);
  }
  return own;
}

export async function dumpOf(
  store: MemoryStore,
  userId: string,
  queued: readonly StoredTurn[],
): Promise<UserDump> {
  const facts = await store.facts.list({ userId, limit: everything });
  const sessions: SessionDump[] = [];
  for (const id of await sessionsOf(store, userId, queued)) {
    const dump = withQueued(await store.sessions.export(id), id, queued);
    if (dump) sessions.push(dump);
  }
  return { userId, facts, sessions };
}
