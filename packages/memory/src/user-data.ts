import { createHash } from 'node:crypto';
import { checkObject } from '@kortana/errors';
import { checkId } from './check-turn.ts';
import type { Fact, MemoryStore, SessionDump } from './memory-store.ts';

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
  const text = mask(checkId('text', fact.text).trim());
  const hash = createHash('sha256').update(JSON.stringify([userId, text]));
  return { id: hash.digest('hex').slice(0, 24), userId, text, at: Date.now() };
}

export async function sessionsOf(store: MemoryStore, userId: string): Promise<string[]> {
  const filter = { userId, archived: 'all', limit: everything } as const;
  return (await store.sessions.list(filter)).map(({ id }) => id);
}

export async function dumpOf(store: MemoryStore, userId: string): Promise<UserDump> {
  const facts = await store.facts.list({ userId, limit: everything });
  const sessions: SessionDump[] = [];
  for (const id of await sessionsOf(store, userId)) {
    const dump = await store.sessions.export(id);
    if (dump) sessions.push(dump);
  }
  return { userId, facts, sessions };
}
