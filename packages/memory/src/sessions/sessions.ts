import { checkBoolean, checkInteger, checkObject, checkOneOf, checkString } from '@kortana/errors';
import { checkId } from '../check-turn.ts';
import type { Manage, WaitOptions } from '../manage.ts';
import type { MemoryStore, SessionDump, SessionFilter, SessionInfo } from '../memory-store.ts';
import { prepareTurn } from '../prepare-turn.ts';
import { searchTerms } from '../text/search-terms.ts';
import { turnText } from '../text/turn-text.ts';
import { readDump } from './read-dump.ts';
import { toMarkdown } from './markdown.ts';
import { withQueued } from './with-queued.ts';
import type { StoredTurn } from '../turn.ts';

export interface FoundSession {
  session: SessionInfo;
  /** What was said there, of the turn that fits best. Empty where only the title fits. */
  text: string;
}

/** Turns that wait for the store. */
export interface Queue {
  turns(): StoredTurn[];
  /** Takes the turns of a session out, and tells how many that were. */
  forget(sessionId: string): Promise<number>;
}

/** The conversations of a memory. All methods reject with MemoryError while the store is down. */
export class Sessions {
  readonly #run: Manage;
  readonly #mask: (text: string) => string;
  readonly #queue: Queue;

  constructor(run: Manage, mask: (text: string) => string, queue: Queue) {
    this.#run = run;
    this.#mask = mask;
    this.#queue = queue;
  }

  /** The one last written to first; without archived ones unless asked. */
  async list(filter: SessionFilter = {}, options?: WaitOptions): Promise<SessionInfo[]> {
    const { userId, archived = false, limit = 100, offset = 0 } = checkObject('filter', filter);
    if (userId !== undefined) checkId('userId', userId);
    checkOneOf('archived', archived, [true, false, 'all']);
    checkInteger('limit', limit, { min: 1 });
    checkInteger('offset', offset, { min: 0 });
    const asked = { userId, archived, limit, offset };
    return this.#run('sessions.list', ({ sessions }) => sessions.list(asked), options);
  }

  /** Whether there is such a session. Secrets in the title are masked. */
  async rename(id: string, title: string, options?: WaitOptions): Promise<boolean> {
    checkId('id', id);
    const name = this.#mask(checkString('title', title));
    return this.#run('sessions.rename', ({ sessions }) => sessions.rename(id, name), options);
  }

  /** Whether there is such a session. */
  async archive(id: string, archived = true, options?: WaitOptions): Promise<boolean> {
    checkId('id', id);
    checkBoolean('archived', archived);
    return this.#run('sessions.archive', ({ sessions }) => sessions.archive(id, archived), options);
  }

  /** Leaves nothing of it, here and in the store. Whether there was such a session. */
  async delete(id: string, options?: WaitOptions): Promise<boolean> {
    checkId('id', id);
    const run = async ({ sessions }: MemoryStore) => {
      const queued = await this.#queue.forget(id);
      return (await sessions.delete(id)) || queued > 0;
    };
    return this.#run('sessions.delete', run, options);
  }

  /** Sessions in which something like this was said, best first, then those with such a title. */
  async search(
    query: string,
    options: { userId?: string | undefined; limit?: number | undefined } & WaitOptions = {},
  ): Promise<FoundSession[]> {
    const { userId, limit = 20 } = checkObject('options', options);
    if (userId !== undefined) checkId('userId', userId);
    checkInteger('limit', limit, { min: 1 });
    const asked = checkString('query', query).slice(0, longestQuery);
    const terms = [...new Set(searchTerms(asked))];
    const run = async (store: MemoryStore, signal: AbortSignal) => {
      const wanted = { terms, k: 10 * limit };
      const hits = terms.length === 0 ? [] : await store.search({ userId }, wanted, signal);
      const filter = { userId, archived: 'all', limit: everySession } as const;
      const all = await store.sessions.list(filter);
      const texts = new Map(hits.toReversed().map(({ turn }) => [turn.sessionId, turnText(turn)]));
      const order = new Map([...texts.keys()].toReversed().map((id, rank) => [id, rank]));
      const title = asked.trim().toLowerCase();
      return all
        .filter((session) => order.has(session.id) || hasTitle(session, title))
        .map((session) => ({ session, text: texts.get(session.id) ?? '' }))
        .sort((a, b) => rankOf(order, a) - rankOf(order, b))
        .slice(0, limit);
    };
    return this.#run('sessions.search', run, options);
  }

  /** Undefined when there is no such session. With what waits for the store. */
  export(
    id: string,
    options?: { format?: 'json' | undefined } & WaitOptions,
  ): Promise<SessionDump | undefined>;
  export(id: string, options: { format: 'markdown' } & WaitOptions): Promise<string | undefined>;
  export(
    id: string,
    options: { format?: 'json' | 'markdown' | undefined } & WaitOptions,
  ): Promise<SessionDump | string | undefined>;
  async export(
    id: string,
    options: { format?: 'json' | 'markdown' | undefined } & WaitOptions = {},
  ): Promise<SessionDump | string | undefined> {
    checkId('id', id);
    const { format = 'json' } = checkObject('options', options);
    checkOneOf('format', format, ['json', 'markdown']);
    const run = ({ sessions }: MemoryStore) => sessions.export(id);
    const stored = await this.#run('sessions.export', run, options);
    const dump = withQueued(stored, id, this.#queue.turns());
    return dump && format === 'markdown' ? toMarkdown(dump) : dump;
  }

  /**
   * Takes what `export` gave, as an object or as text of either format. Turns that are there already
   * aren't doubled. `sessionId` and `userId` replace those of the export.
   */
  async import(
    dump: SessionDump | string,
    options: { sessionId?: string | undefined; userId?: string | undefined } & WaitOptions = {},
  ): Promise<SessionInfo> {
    const { session, turns } = readDump(dump);
    const { sessionId = session.id, userId } = checkObject('options', options);
    checkId('sessionId', sessionId);
    if (userId !== undefined) checkId('userId', userId);
    for (const { id, ...rest } of turns) {
      const owned = { ...rest, sessionId, userId: userId ?? rest.userId };
      const turn = prepareTurn(owned, id, this.#mask);
      if (turn === undefined) continue;
      await this.#run('sessions.import', (store) => store.append(turn, { opId: id }), options);
    }
    const title = session.title === undefined ? undefined : this.#mask(session.title);
    const finish = async ({ sessions }: MemoryStore) => {
      if (title !== undefined) await sessions.rename(sessionId, title);
      if (session.archived) await sessions.archive(sessionId, true);
      const imported = await sessions.export(sessionId);
      return imported?.session ?? { ...session, id: sessionId, turns: 0 };
    };
    return this.#run('sessions.import', finish, options);
  }
}

/** More than anyone has. */
const everySession = 1_000_000;
/** What is longer is no question. */
const longestQuery = 10_000;

function hasTitle({ title = '' }: SessionInfo, wanted: string): boolean {
  return wanted !== '' && title.toLowerCase().includes(wanted);
}

function rankOf(order: Map<string, number>, { session }: FoundSession): number {
  return order.get(session.id) ?? Infinity;
}
