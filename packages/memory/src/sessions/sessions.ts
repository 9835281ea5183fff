import { checkBoolean, checkInteger, checkObject, checkOneOf, checkString } from '@kortana/errors';
import { checkId } from '../check-turn.ts';
import { manage } from '../manage.ts';
import type { Settings } from '../memory-options.ts';
import type { SessionDump, SessionFilter, SessionInfo } from '../memory-store.ts';
import { prepareTurn } from '../prepare-turn.ts';
import { searchTerms } from '../text/search-terms.ts';
import { turnText } from '../text/turn-text.ts';
import { readDump } from './read-dump.ts';
import { toMarkdown } from './markdown.ts';

export interface FoundSession {
  session: SessionInfo;
  /** What was said there, of the turn that fits best. Empty where only the title fits. */
  text: string;
}

/** The conversations of a memory. All methods reject with MemoryError while the store is down. */
export class Sessions {
  readonly #settings: Settings;
  readonly #forget: (sessionId: string) => Promise<void>;

  /** @param forget takes what is on its way to the store out of it. */
  constructor(settings: Settings, forget: (sessionId: string) => Promise<void>) {
    this.#settings = settings;
    this.#forget = forget;
  }

  /** The one last written to first; without archived ones unless asked. */
  async list(filter: SessionFilter = {}): Promise<SessionInfo[]> {
    const { userId, archived = false, limit = 100, offset = 0 } = checkObject('filter', filter);
    if (userId !== undefined) checkId('userId', userId);
    checkOneOf('archived', archived, [true, false, 'all']);
    checkInteger('limit', limit, { min: 1 });
    checkInteger('offset', offset, { min: 0 });
    return this.#run('sessions.list', ({ sessions }) => sessions.list(filter));
  }

  /** Whether there is such a session. */
  async rename(id: string, title: string): Promise<boolean> {
    checkId('id', id);
    checkString('title', title);
    return this.#run('sessions.rename', ({ sessions }) => sessions.rename(id, title));
  }

  /** Whether there is such a session. */
  async archive(id: string, archived = true): Promise<boolean> {
    checkId('id', id);
    checkBoolean('archived', archived);
    return this.#run('sessions.archive', ({ sessions }) => sessions.archive(id, archived));
  }

  /** Leaves nothing of it, here and in the store. Whether there was such a session. */
  async delete(id: string): Promise<boolean> {
    checkId('id', id);
    return this.#run('sessions.delete', async ({ sessions }) => {
      await this.#forget(id);
      return sessions.delete(id);
    });
  }

  /** Sessions in which something like this was said, best first, then those with such a title. */
  async search(
    query: string,
    { userId, limit = 20 }: { userId?: string | undefined; limit?: number | undefined } = {},
  ): Promise<FoundSession[]> {
    checkInteger('limit', limit, { min: 1 });
    const terms = [...new Set(searchTerms(checkString('query', query)))];
    return this.#run('sessions.search', async (store) => {
      const hits = terms.length ? await store.search({ userId }, { terms, k: 10 * limit }) : [];
      const all = await store.sessions.list({ userId, archived: 'all', limit: 10_000 });
      const texts = new Map(hits.toReversed().map(({ turn }) => [turn.sessionId, turnText(turn)]));
      const order = new Map([...texts.keys()].toReversed().map((id, rank) => [id, rank]));
      const wanted = query.trim().toLowerCase();
      return all
        .filter((session) => order.has(session.id) || hasTitle(session, wanted))
        .map((session) => ({ session, text: texts.get(session.id) ?? '' }))
        .sort((a, b) => rankOf(order, a) - rankOf(order, b))
        .slice(0, limit);
    });
  }

  /** Undefined when there is no such session. */
  export(id: string, options?: { format?: 'json' | undefined }): Promise<SessionDump | undefined>;
  export(id: string, options: { format: 'markdown' }): Promise<string | undefined>;
  async export(
    id: string,
    { format = 'json' }: { format?: 'json' | 'markdown' | undefined } = {},
  ): Promise<SessionDump | string | undefined> {
    checkId('id', id);
    checkOneOf('format', format, ['json', 'markdown']);
    return this.#run('sessions.export', async ({ sessions }) => {
      const dump = await sessions.export(id);
      return dump && format === 'markdown' ? toMarkdown(dump) : dump;
    });
  }

  /**
   * Takes what `export` gave, as an object or as text of either format. Turns that are there already
   * aren't doubled. `sessionId` and `userId` replace those of the export.
   */
  async import(
    dump: SessionDump | string,
    options: { sessionId?: string | undefined; userId?: string | undefined } = {},
  ): Promise<SessionInfo> {
    const { session, turns } = readDump(dump);
    const { sessionId = session.id } = options;
    for (const { id, ...rest } of turns) {
      const { userId = rest.userId } = options;
      const turn = prepareTurn({ ...rest, sessionId, userId }, id, this.#settings.mask);
      if (turn === undefined) continue;
      await this.#run('sessions.import', (store) => store.append(turn, { opId: id }));
    }
    return this.#run('sessions.import', async ({ sessions }) => {
      if (session.title !== undefined) await sessions.rename(sessionId, session.title);
      if (session.archived) await sessions.archive(sessionId, true);
      const imported = await sessions.export(sessionId);
      return imported?.session ?? { ...session, id: sessionId, turns: 0 };
    });
  }

  #run<T>(operation: string, run: (store: Settings['store']) => Promise<T>): Promise<T> {
    const { store, timeoutMs } = this.#settings;
    return manage(operation, timeoutMs, () => run(store));
  }
}

function hasTitle({ title = '' }: SessionInfo, wanted: string): boolean {
  return wanted !== '' && title.toLowerCase().includes(wanted);
}

function rankOf(order: Map<string, number>, { session }: FoundSession): number {
  return order.get(session.id) ?? Infinity;
}
