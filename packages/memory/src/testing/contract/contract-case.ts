import type { MemoryStore } from '../../memory-store.ts';
import type { Turn } from '../../turn.ts';

export type ContractCase = (store: MemoryStore) => Promise<void>;

/** A turn in which `user` is asked and `assistant` answers. */
export function said(sessionId: string, user: string, rest: Partial<Turn> = {}): Turn {
  return {
    sessionId,
    messages: [
      { role: 'user', content: user },
      { role: 'assistant', content: 'Noted.' },
    ],
    ...rest,
  };
}

export const wide = { maxTokens: 1_000_000, maxMessages: 1_000_000 };

export async function ids(store: MemoryStore, sessionId: string, userId?: string) {
  return (await store.window({ sessionId, userId }, wide)).map(({ id }) => id);
}

/** The ids of what is found, best first. */
export async function find(
  store: MemoryStore,
  scope: { sessionId?: string; userId?: string },
  terms: string[],
  k = 10,
) {
  return (await store.search(scope, { terms, k })).map(({ turn }) => turn.id);
}
