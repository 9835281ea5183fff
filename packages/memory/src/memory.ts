import { callHook, checkObject, checkString } from '@kortana/errors';
import { randomUUID } from 'node:crypto';
import { checkId } from './check-turn.ts';
import { Indexer } from './embeddings/indexer.ts';
import { logger, reportHook } from './log.ts';
import { manage } from './manage.ts';
import type { MemoryEvent } from './memory-event.ts';
import { type MemoryOptions, readOptions, readPolicy, type Settings } from './memory-options.ts';
import type { MemoryStats } from './memory-stats.ts';
import type { Fact, Health, PrunePolicy } from './memory-store.ts';
import { type DropReason, Outbox } from './outbox/outbox.ts';
import type { RecordResult } from './outbox/turn-queue.ts';
import { prepareTurn } from './prepare-turn.ts';
import { causeOf } from './recall/ask.ts';
import { type Gates, makeGates } from './recall/gates.ts';
import { Recaller } from './recall/recaller.ts';
import type { RecallRequest, Recollection } from './recall/recollection.ts';
import { pruneRegularly } from './retention.ts';
import { Sessions } from './sessions/sessions.ts';
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
      onBehind: (error) => this.#tell({ type: 'behind', message: String(error) }),
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
    settings.store.onNotice?.((message) => this.#tell({ type: 'notice', message }));
    this.#recaller = new Recaller(settings, this.#gates);
    this.sessions = new Sessions(settings, (id) =>
      this.#forgetTurns((turn) => turn.sessionId === id),
    );
  }

  /** What helps to answer `query` in this session. Never rejects; `degraded` says what is missing. */
  async recall(request: RecallRequest): Promise<Recollection> {
    try {
      checkString('query', request.query);
      const session = {
        sessionId: checkId('sessionId', request.sessionId),
        userId: request.userId === undefined ? undefined : checkId('userId', request.userId),
      };
      const pending = this.#outbox.turns.filter((turn) => isReadable(turn, session));
      const local = { pending, tail: this.#tail.get(session) };
      const refresh = this.#tail.refresher(session);
      const { turns, ...recollection } = await this.#recaller.recall(request, local);
      refresh(turns);
      return recollection;
    } catch (error) {
      const { message } = error as Error;
      return {
        messages: [],
        items: [],
        degraded: [{ part: 'memory.window', reason: 'invalid', message }],
      };
    }
  }

  /**
   * Keeps a turn: `stored` when it is safe, `queued` when the store is down or slow and it will be
   * stored later, `dropped` when it is of a kind that is never stored, makes no sense, or belongs
   * into another user's session. The same `opId` in the same session is stored once. Never rejects.
   */
  async record(turn: Turn, options: { opId?: string | undefined } = {}): Promise<RecordResult> {
    try {
      const { opId = randomUUID() } = options;
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
  async remember(fact: { userId: string; text: string }): Promise<Fact> {
    const kept = factOf(fact, this.#settings.mask);
    await this.#manage('remember', (store) => store.facts.put(kept));
    return kept;
  }

  /** Whether there was such a fact. */
  async forget(id: string): Promise<boolean> {
    checkId('id', id);
    return this.#manage('forget', (store) => store.facts.delete(id));
  }

  /** Newest first. */
  async facts(filter: { userId: string; limit?: number | undefined }): Promise<Fact[]> {
    checkId('userId', checkObject('filter', filter).userId);
    return this.#manage('facts', (store) => store.facts.list(filter));
  }

  /** Leaves nothing of the user: sessions, facts, what waits for the store. */
  async deleteUser(userId: string): Promise<{ sessions: number; turns: number; facts: number }> {
    checkId('userId', userId);
    return this.#manage('deleteUser', async (store) => {
      const own = new Set(await sessionsOf(store, userId));
      await this.#forgetTurns((turn) => turn.userId === userId || own.has(turn.sessionId));
      return store.deleteUser(userId);
    });
  }

  async exportUser(userId: string): Promise<UserDump> {
    checkId('userId', userId);
    return this.#manage('exportUser', (store) => dumpOf(store, userId));
  }

  /** Removes what the policy (default: the option `retention`) doesn't keep; gives the number of turns. */
  async prune(policy: PrunePolicy | undefined = this.#settings.retention): Promise<number> {
    const checked = readPolicy(policy ?? {});
    return this.#manage('prune', (store) => store.prune(checked));
  }

  /** Never rejects. */
  async stats(): Promise<MemoryStats> {
    const { store, timeoutMs } = this.#settings;
    const counts = await manage('stats', timeoutMs, () => store.stats()).catch(() => undefined);
    return {
      up: this.#gates.store.refusal === undefined,
      queued: this.#outbox.turns.length,
      queuedBytes: this.#outbox.bytes,
      dropped: this.#dropped,
      ...(counts && { store: counts }),
    };
  }

  /** Whether the store works, and if not, why. Never rejects. */
  async ping(): Promise<Health> {
    const { store, timeoutMs } = this.#settings;
    try {
      return await manage('ping', timeoutMs, () => store.ping());
    } catch (error) {
      const { code, message } = causeOf('memory.window', 'down', error);
      return { ok: false, store: store.name, code: code ?? 'MEMORY_ERROR', message, notices: [] };
    }
  }

  /** Waits until all queued turns are stored, 5 s at most by default; tells how many aren't. */
  async flush({ timeoutMs = 5_000 }: { timeoutMs?: number | undefined } = {}): Promise<{
    queued: number;
  }> {
    await this.#outbox.flush(timeoutMs);
    return { queued: this.#outbox.turns.length };
  }

  /** Flushes, then ends; tells how many turns are lost. Never rejects. */
  close(options?: { timeoutMs?: number | undefined }): Promise<{ lost: number }> {
    this.#closing ??= this.#close(options);
    return this.#closing;
  }

  async #close({ timeoutMs = 5_000 }: { timeoutMs?: number | undefined } = {}) {
    const { queued: lost } = await this.flush({ timeoutMs });
    this.#endRetention?.();
    this.#indexer?.close();
    this.#outbox.close();
    for (const gate of Object.values(this.#gates)) gate.close();
    await this.#manage('close', (store) => store.close()).catch((error: unknown) =>
      logger.warn('The store did not close: {error}', { error }),
    );
    return { lost };
  }

  async #forgetTurns(isGone: (turn: StoredTurn) => boolean): Promise<void> {
    this.#tail.remove(isGone);
    await this.#outbox.remove(isGone);
  }

  #manage<T>(operation: string, run: (store: Settings['store']) => Promise<T>): Promise<T> {
    return manage(operation, this.#settings.timeoutMs, () => run(this.#settings.store));
  }

  #onDrop(turn: StoredTurn, reason: DropReason): void {
    if (reason === 'deleted') return;
    if (reason === 'refused') this.#tail.remove((other) => other === turn);
    this.#dropped++;
    this.#tell({ type: 'dropped', sessionId: turn.sessionId, opId: turn.id, reason });
  }

  #tell(event: MemoryEvent): void {
    logger.info('{type}', { ...event });
    callHook('onEvent', this.#settings.onEvent, [event], reportHook);
  }
}
