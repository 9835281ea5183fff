import { checkInteger, checkOneOf, checkString } from '@kortana/errors';
import { resolve } from 'node:path';
import { logger } from '../log.ts';
import type { Health, MemoryStore } from '../memory-store.ts';
import { writtenTurn } from '../stored-turn.ts';
import { memoryError } from '../within.ts';
import { WorkerClient } from './worker-client.ts';

export interface SqliteStoreOptions {
  /** Of the file; it and its folder are made when they aren't there. */
  path: string;
  /**
   * What an acknowledged turn survives: `process`, that the process is killed; `power`, that the
   * power fails too, at the price of a disk sync for each turn. Default: `process`.
   */
  durability?: 'process' | 'power' | undefined;
  /** How long a write waits for another process that holds the file, in ms, from 0 up. Default: 5,000. */
  busyTimeoutMs?: number | undefined;
}

const mostNotices = 20;

/**
 * One file, held by a thread of its own: `node:sqlite` with a full-text index. Needs Node 22.13 or
 * newer. Nothing is touched before the first use, and opening never throws: `ping` says what is
 * wrong, and each method tries anew.
 */
export function sqliteStore(options: SqliteStoreOptions): MemoryStore {
  const path = resolve(checkPath(options.path));
  const durability = checkOneOf('durability', options.durability ?? 'process', [
    'process',
    'power',
  ]);
  const busyTimeoutMs = checkInteger('busyTimeoutMs', options.busyTimeoutMs ?? 5_000, { min: 0 });
  const notices: string[] = [];
  const listeners: ((notice: string) => void)[] = [];
  const worker = new WorkerClient(
    { path, busyTimeoutMs, synchronous: durability === 'power' ? 'full' : 'normal' },
    (notice) => {
      logger.error('{notice}', { notice });
      notices.push(notice);
      if (notices.length > mostNotices) notices.shift();
      for (const listen of listeners) listen(notice);
    },
  );

  return {
    name: 'sqlite',
    onNotice: (listener) => void listeners.push(listener),
    append: (turn, { opId }) => worker.call('append', writtenTurn(turn, opId)),
    window: (session, limits) => worker.call('window', session, limits),
    search: (scope, query, signal) => worker.abortable(signal, 'search', scope, query),
    vectors: {
      available: async () => true,
      put: (model, rows) => worker.call('putVectors', model, rows),
      missing: (model, limit) => worker.call('missingVectors', model, limit),
      search: (scope, query, signal) => worker.abortable(signal, 'searchVectors', scope, query),
    },
    facts: {
      put: (fact) => worker.call('putFact', fact),
      list: ({ userId, limit = 1_000 }) => worker.call('listFacts', userId, limit),
      delete: (id) => worker.call('deleteFact', id),
    },
    sessions: {
      list: (filter = {}) => worker.call('listSessions', filter),
      rename: (id, title) => worker.call('renameSession', id, title),
      archive: (id, archived) => worker.call('archiveSession', id, archived),
      delete: (id) => worker.call('deleteSession', id),
      export: (id) => worker.call('exportSession', id),
    },
    deleteUser: (userId) => worker.call('deleteUser', userId),
    async prune(policy) {
      let removed = 0;
      for (;;) {
        // In pieces, so that turns are written between them.
        const some = await worker.call('pruneSome', policy, 500);
        removed += some;
        if (some < 500) return removed;
      }
    },
    stats: () => worker.call('stats'),
    async ping(signal): Promise<Health> {
      try {
        return { ...(await worker.abortable(signal, 'ping')), notices: [...notices] };
      } catch (error) {
        const { code, message } = memoryError(error, 'ping');
        return { ok: false, store: 'sqlite', code, message, notices: [...notices] };
      }
    },
    close: () => worker.close(),
  };
}

function checkPath(path: string): string {
  const text = checkString('path', path);
  if (text !== '' && text !== ':memory:') return text;
  throw new RangeError('Expected `path` to be a file’s; without a file use inMemoryStore()');
}
