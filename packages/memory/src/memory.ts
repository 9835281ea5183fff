import { callHook, checkInteger, checkObject, handleError, MemoryError } from '@kortana/errors';
import { randomUUID } from 'node:crypto';
import { checkId } from './check-turn.ts';
import { Indexer } from './embeddings/indexer.ts';
import { type FlushOptions, readTimeout } from './flush-options.ts';
import { logger, reportHook } from './log.ts';
import { type Manage, manager, type WaitOptions } from './manage.ts';
import type { MemoryEvent } from './memory-event.ts';
import { type MemoryOptions, readOptions, readPolicy, type Settings } from './memory-options.ts';
import type { MemoryStats } from './memory-stats.ts';
import type { Fact, Health, MemoryStore, PrunePolicy } from './memory-store.ts';
import { type DropReason, Outbox } from './outbox/outbox.ts';
import type { RecordResult } from './outbox/turn-queue.ts';
import { prepareTurn } from './prepare-turn.ts';
import { type Gates, makeGates } from './recall/gates.ts';
import { Recaller } from './recall/recaller.ts';
import { readRequest, type RecallRequest, type Recollection } from './recall/recollection.ts';
import { pruneRegularly } from './retention.ts';
import { Sessions } from './sessions/sessions.ts';
import { within } from './within.ts';
import { isReadable, Tail } from './tail.ts';
import type { StoredTurn, Turn } from './turn.ts';
import { dumpOf, factOf, sessionsOf, type UserDump } from './user-data.ts';

/**
 * What conversations remember. `recall` and `record` stand in the way of a chat: they never reject
 * and never take longer than their deadlines, whatever the store does. All else rejects with
 * MemoryError when the store is down.
 */
export class Memory {
  readonly sessions: Sessions;
  readonly #settings: Settings;
  readonly #gates: Gates;
  readonly #outbox: Outbox;
  readonly #tail: Tail;
  readonly #recaller: Recaller;
  readonly #manage: Manage;
  readonly #indexer: Indexer | undefined;
  readonly #endRetention: (() => void) | undefined;
  #dropped = 0;
  #closing: Promise<{ lost: number }> | undefined;

  constructor(options: MemoryOptions) {
    const settings = readOptions(options);
    this.#settings = settings;
    this.#tail = new Tail(settings.window);
    this.#outbox = new Outbox({
      ...settings,
      deadlineMs: settings.recordDeadlineMs,
      write: (turn) => settings.store.append(turn, { opId: turn.id }),
      onDrop: (turn, reason) => this.#onDrop(turn, reason),
      onBehind: (error) => this.#tell({ type: 'behind', message: handleError(error)[1] }),
      onCaughtUp: (replayed) => {
        this.#tell({ type: 'caughtUp', replayed });
        this.#indexer?.wake();
      },
    });
    this.#gates = makeGates(
      settings,
      (event) => this.#tell(event),
      () => this.#outbox.resume(),
    );
    const { embeddings, store, retention } = settings;
    this.#indexer =
      embeddings &&
      store.vectors &&
      new Indexer(store.vectors, embeddings, (message) => this.#tell({ type: 'notice', message }));
    this.#endRetention = retention && pruneRegularly(() => this.prune());
    const listen = (message: string) => this.#tell({ type: 'notice', message });
    callHook('store.onNotice', () => store.onNotice?.(listen), [], reportHook);
    this.#recaller = new Recaller(settings, this.#gates);
    this.#manage = manager(settings, () => this.#closing !== undefined);
    this.sessions = new Sessions(this.#manage, settings.mask, {
      turns: () => this.#outbox.turns,
      forget: (id) => this.#forgetTurns((turn) => turn.sessionId === id),
    });
  }

  /**
   * What helps to answer `query` in this session. Never rejects; `degraded` says what is missing. When
   * the signal is aborted, it gives at once what is at hand.
   */
  async recall(request: RecallRequest, options?: WaitOptions): Promise<Recollection> {
    let asked: ReturnType<typeof readRequest>;
    try {
      asked = readRequest(request, options);
    } catch (error) {
      const [, message] = handleError(error);
      const cause = { part: 'memory.window', reason: 'invalid', message } as const;
      return { messages: [], items: [], degraded: [cause] };
    }
    const { sessionId, userId } = asked;
    const session = { sessionId, userId };
    const isOpen = this.#tail.isOpenTo(session);
    const pending = this.#outbox.turns.filter((turn) => isOpen && isReadable(turn, session));
    const refresh = this.#tail.refresher(session);
    const local = { pending, tail: this.#tail.get(session) };
    const { turns, ...recollection } = await this.#recaller.recall(asked, local);
    refresh(turns);
    return recollection;
  }

  /**
   * Keeps a turn: `stored` when it is safe, `queued` when the store is down or slow and it will be
   * stored later, `dropped` when it is of a kind that is never stored, makes no sense, or belongs
   * into another user's session. The same `opId` in the same session is stored once. Never rejects.
   */
  async record(turn: Turn, options: { opId?: string | undefined } = {}): Promise<RecordResult> {
    try {
      const { opId = randomUUID() } = checkObject('options', options);
      const prepared = prepareTurn(turn, checkId('opId', opId), this.#settings.mask);
      if (prepared === undefined) return 'dropped';
      const result = this.#outbox.add(prepared);
      this.#tail.add(prepared);
      return await result.finally(() => this.#indexer?.wake());
    } catch (error) {
      logger.warn('A turn makes no sense and is not recorded: {error}', { error });
      return 'dropped';
    }
  }

  /** Keeps a fact for a user; saying it twice keeps it once. */
  async remember(fact: { userId: string; text: string }, options?: WaitOptions): Promise<Fact> {
    const kept = factOf(fact, this.#settings.mask);
    await this.#manage('remember', (store) => store.facts.put(kept), options);
    return kept;
  }

  /** Whether there was such a fact. */
  async forget(id: string, options?: WaitOptions): Promise<boolean> {
    checkId('id', id);
    return this.#manage('forget', (store) => store.facts.delete(id), options);
  }

  /** Newest first; `limit`: from 1 up, default 1,000. */
  async facts(
    filter: { userId: string; limit?: number | undefined },
    options?: WaitOptions,
  ): Promise<Fact[]> {
    const { userId, limit = 1_000 } = checkObject('filter', filter);
    const own = {
      userId: checkId('userId', userId),
      limit: checkInteger('limit', limit, { min: 1 }),
    };
    return this.#manage('facts', (store) => store.facts.list(own), options);
  }

  /** Leaves nothing of the user: sessions, facts, what waits for the store. */
  async deleteUser(
    userId: string,
    options?: WaitOptions,
  ): Promise<{ sessions: number; turns: number; facts: number }> {
    checkId('userId', userId);
    const run = async (store: MemoryStore) => {
      const own = await sessionsOf(store, userId, this.#outbox.turns);
      await this.#forgetTurns((turn) => turn.userId === userId || own.has(turn.sessionId));
      return store.deleteUser(userId);
    };
    return this.#manage('deleteUser', run, options);
  }

  /** All that is kept of the user, with what waits for the store. */
  async exportUser(userId: string, options?: WaitOptions): Promise<UserDump> {
    checkId('userId', userId);
    const run = (store: MemoryStore) => dumpOf(store, userId, this.#outbox.turns);
    return this.#manage('exportUser', run, options);
  }

  /** Removes what the policy (default: the option `retention`) doesn't keep; gives the number of turns. */
  async prune(
    policy: PrunePolicy = this.#settings.retention ?? {},
    options?: WaitOptions,
  ): Promise<number> {
    const checked = readPolicy(policy);
    return this.#manage('prune', (store) => store.prune(checked), options);
  }

  /** Never rejects but with the reason of an aborted signal. */
  async stats(options?: WaitOptions): Promise<MemoryStats> {
    const counting = this.#manage('stats', (store) => store.stats(), options);
    const counts = await counting.catch((error: unknown) => {
      if (!MemoryError.isInstance(error)) throw error;
      logger.debug('The store tells no counts: {error}', { error });
    });
    return {
      up: this.#gates.store.refusal === undefined,
      queued: this.#outbox.turns.length,
      queuedBytes: this.#outbox.bytes,
      dropped: this.#dropped,
      ...(counts && { store: counts }),
    };
  }

  /** Whether the store works, and if not, why. Never rejects but with the reason of an aborted signal. */
  async ping(options?: WaitOptions): Promise<Health> {
    try {
      return await this.#manage('ping', (store, signal) => store.ping(signal), options);
    } catch (error) {
      if (!MemoryError.isInstance(error)) throw error;
      const { code, message } = error;
      return { ok: false, store: this.#settings.store.name, code, message, notices: [] };
    }
  }

  /**
   * Waits until all queued turns are stored, `timeoutMs` (from 0 up, default 5,000) at most; tells
   * how many aren't.
   */
  async flush(options: FlushOptions & WaitOptions = {}): Promise<{ queued: number }> {
    await this.#outbox.flush(readTimeout(options), options.signal);
    return { queued: this.#outbox.turns.length };
  }

  /**
   * Flushes, then ends; tells how many turns are lost. Rejects for nothing but a `timeoutMs` that is
   * none. Called again, it gives the same answer.
   */
  async close(options: FlushOptions = {}): Promise<{ lost: number }> {
    const timeoutMs = readTimeout(options);
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  async #close(timeoutMs: number): Promise<{ lost: number }> {
    const { queued: lost } = await this.flush({ timeoutMs });
    this.#endRetention?.();
    this.#indexer?.close();
    this.#outbox.close();
    for (const gate of Object.values(this.#gates)) gate.close();
    const { store, timeoutMs: patienceMs } = this.#settings;
    await within(() => store.close(), { timeoutMs: patienceMs, operation: 'close' }).catch(
      (error: unknown) => logger.warn('The store did not close: {error}', { error }),
    );
    return { lost };
  }

  /** What isn't stored yet; gives how many turns that were. */
  async #forgetTurns(isGone: (turn: StoredTurn) => boolean): Promise<number> {
    this.#tail.remove(isGone);
    return this.#outbox.remove(isGone);
  }

  #onDrop(turn: StoredTurn, reason: DropReason): void {
    if (reason === 'deleted') return;
    if (reason === 'refused') this.#tail.remove((other) => other === turn);
    this.#dropped++;
    this.#tell({ type: 'dropped', sessionId: turn.sessionId, opId: turn.id, reason });
  }

  #tell(event: MemoryEvent): void {
    const isGood = event.type === 'up' || event.type === 'caughtUp';
    logger[isGood ? 'info' : 'warn']('{type}', { ...event });
    callHook('onEvent', this.#settings.onEvent, [event], reportHook);
  }
}
