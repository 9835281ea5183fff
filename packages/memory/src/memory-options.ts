import {
  checkFunction,
  checkInteger,
  checkMethods,
  checkNumber,
  checkObject,
  checkString,
  maskText,
} from '@kortana/errors';
import type { Embedder } from './embeddings/embedder.ts';
import type { MemoryEvent } from './memory-event.ts';
import type { MemoryStore, PrunePolicy } from './memory-store.ts';

export interface RecallOptions {
  /** Of messages and items together, in (estimated) tokens, from 1 up. Default: 4,000. */
  budgetTokens?: number | undefined;
  /** The most messages, from 1 up. Default: 200. */
  maxMessages?: number | undefined;
  /** The most found turns, from 0 (no search) up. Default: 6. */
  maxItems?: number | undefined;
  /** How long an answer may be held up, in ms, above 0; the parts are given 5 ms or a tenth less. Default: 150. */
  deadlineMs?: number | undefined;
  /** The same for the search and for the vectors alone, where they may take less. */
  searchDeadlineMs?: number | undefined;
  vectorsDeadlineMs?: number | undefined;
}

export interface OutboxLimits {
  /** Turns that wait for a store that is down, from 1 up. Default: 10,000. */
  maxTurns?: number | undefined;
  /** Their size as JSON, from 1 up. Default: 32 MiB. */
  maxBytes?: number | undefined;
}

export interface MemoryOptions {
  store: MemoryStore;
  recall?: RecallOptions | undefined;
  /** How long `record` waits for the store before it says `queued`, in ms. Default: 150. */
  record?: { deadlineMs?: number | undefined } | undefined;
  outbox?: OutboxLimits | undefined;
  /** How long everything else may take, in ms. Default: 10,000. */
  timeoutMs?: number | undefined;
  /** What is kept; looked after a minute after the start and every hour. Default: everything. */
  retention?: PrunePolicy | undefined;
  /** Finds turns by meaning too; needs a store that keeps vectors. Default: none. */
  embeddings?: Embedder | undefined;
  /** What to do with each text before it is stored; false: nothing. Default: masks secrets. */
  mask?: ((text: string) => string) | false | undefined;
  onEvent?: ((event: MemoryEvent) => void) | undefined;
}

export type Settings = ReturnType<typeof readOptions>;

/** Checks and fills the options. */
export function readOptions(options: MemoryOptions) {
  const { embeddings, retention, timeoutMs = 10_000, onEvent } = checkObject('options', options);
  const { deadlineMs: recordDeadlineMs = 150 } = group('record', options.record);
  if (embeddings !== undefined) {
    checkString('embeddings.model', checkMethods('embeddings', embeddings, ['embed']).model);
  }
  return {
    store: checkMethods('store', options.store, ['append', 'window', 'search', 'ping', 'close']),
    ...readRecall(group('recall', options.recall)),
    recordDeadlineMs: checkNumber('record.deadlineMs', recordDeadlineMs, { above: 0 }),
    ...readOutbox(group('outbox', options.outbox)),
    timeoutMs: checkNumber('timeoutMs', timeoutMs, { above: 0 }),
    retention: retention === undefined ? undefined : readPolicy(retention),
    embeddings,
    mask: readMask(options.mask),
    onEvent: onEvent === undefined ? undefined : checkFunction('onEvent', onEvent),
  };
}

/** Options that stand together under one name. */
function group<T extends object>(name: string, options: T | undefined): Partial<T> {
  return options === undefined ? {} : checkObject(name, options);
}

function readRecall({
  budgetTokens = 4_000,
  maxMessages = 200,
  maxItems = 6,
  deadlineMs = 150,
  searchDeadlineMs = deadlineMs,
  vectorsDeadlineMs = deadlineMs,
}: RecallOptions) {
  const part = { above: 0, max: checkNumber('recall.deadlineMs', deadlineMs, { above: 0 }) };
  return {
    window: {
      maxTokens: checkInteger('recall.budgetTokens', budgetTokens, { min: 1 }),
      maxMessages: checkInteger('recall.maxMessages', maxMessages, { min: 1 }),
    },
    maxItems: checkInteger('recall.maxItems', maxItems, { min: 0 }),
    deadlineMs,
    searchDeadlineMs: checkNumber('recall.searchDeadlineMs', searchDeadlineMs, part),
    vectorsDeadlineMs: checkNumber('recall.vectorsDeadlineMs', vectorsDeadlineMs, part),
  };
}

function readOutbox({ maxTurns = 10_000, maxBytes = 32 * 2 ** 20 }: OutboxLimits) {
  return {
    maxTurns: checkInteger('outbox.maxTurns', maxTurns, { min: 1 }),
    maxBytes: checkInteger('outbox.maxBytes', maxBytes, { min: 1 }),
    // Above what stores wait by themselves for a lock or a connection.
    writeTimeoutMs: 10_000,
  };
}

/** Checks a policy. */
export function readPolicy(policy: PrunePolicy): PrunePolicy {
  checkObject('policy', policy);
  for (const name of ['maxAgeMs', 'maxTurns', 'maxBytes'] as const) {
    if (policy[name] !== undefined) checkNumber(name, policy[name], { min: 0 });
  }
  return { ...policy };
}

function readMask(mask: MemoryOptions['mask']): (text: string) => string {
  if (mask === undefined) return maskText;
  if (mask === false) return (text) => text;
  checkFunction('mask', mask);
  // What gives no text would put something else in its place.
  return (text) => checkString('mask(text)', mask(text));
}
