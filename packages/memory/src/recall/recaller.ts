import type { Settings } from '../memory-options.ts';
import type { Fact, SearchHit } from '../memory-store.ts';
import { copyMessage } from '../text/copy-message.ts';
import { searchTerms } from '../text/search-terms.ts';
import { toolGroups } from '../text/tool-groups.ts';
import type { StoredTurn } from '../turn.ts';
import { type Answer, ask } from './ask.ts';
import { fitWindow } from './fit-window.ts';
import { type Found, fuse } from './fuse.ts';
import type { Gates } from './gates.ts';
import { itemTokens, recallItems } from './recall-items.ts';
import { readFacts, readHits, readTurns, readVector } from './read-answer.ts';
import type { readRequest, Recollection } from './recollection.ts';

type Request = ReturnType<typeof readRequest>;

/** What this process knows of a session by itself. */
export interface Local {
  /** Turns not known to be stored. */
  pending: StoredTurn[];
  /** The newest turns seen, for when the store doesn't answer. */
  tail: StoredTurn[];
}

const mostFacts = 100;
/** Found turns that the window shows anyway make room for others. */
const spareHits = 30;
/** A question that is longer is a document: what is said at its beginning is what is looked for. */
const longestQuery = 10_000;

/** Asks all parts of a memory at once, each for itself, and puts together what came in time. */
export class Recaller {
  readonly #settings: Settings;
  readonly #gates: Gates;

  constructor(settings: Settings, gates: Gates) {
    this.#settings = settings;
    this.#gates = gates;
  }

  /** Never rejects. `turns`: what the store and this process know of the session's end. */
  async recall(whole: Request, local: Local): Promise<Recollection & { turns: StoredTurn[] }> {
    const request = { ...whole, query: whole.query.slice(0, longestQuery) };
    const answers = await Promise.all([
      this.#window(request),
      this.#facts(request),
      this.#words(request),
      this.#meaning(request),
    ]);
    const [window, facts, words, meaning] = answers;
    const known = window.cause ? local.tail : window.value;
    const turns = known.concat(local.pending.filter((turn) => !known.some(isSame(turn))));
    const found = fuse(words.value, meaning.value).filter(({ turn }) => !turns.some(isSame(turn)));
    const degraded = answers.flatMap(({ cause }) => cause ?? []);
    return {
      ...this.#fit(turns, facts.value, found),
      ...(degraded.length > 0 && { degraded }),
      turns,
    };
  }

  /** Items get their share first; the messages get all the rest. */
  #fit(turns: StoredTurn[], facts: Fact[], found: Found[]): Recollection {
    const { maxItems } = this.#settings;
    const { maxTokens, maxMessages } = this.#settings.window;
    const items = recallItems(facts, found.slice(0, maxItems), maxTokens);
    const limits = { maxTokens: maxTokens - itemTokens(items), maxMessages };
    const messages = fitWindow(turns.toReversed(), limits).flatMap((turn) => turn.messages);
    // Copies: who changes what was recalled must not change what is remembered.
    return { messages: toolGroups(messages).flat().map(copyMessage), items };
  }

  #window({ sessionId, userId, signal }: Request): Promise<Answer<StoredTurn[]>> {
    const { store, window, deadlineMs } = this.#settings;
    return ask({
      part: 'memory.window',
      gates: [this.#gates.store],
      deadlineMs,
      signal,
      ask: async () => readTurns(await store.window({ sessionId, userId }, window)),
      otherwise: [],
    });
  }

  async #facts({ userId, signal }: Request): Promise<Answer<Fact[]>> {
    const { store, deadlineMs } = this.#settings;
    if (userId === undefined) return { value: [] };
    return ask({
      part: 'memory.facts',
      gates: [this.#gates.facts, this.#gates.store],
      // Where the window fails as well, the store is down at once.
      beside: this.#gates.store,
      deadlineMs,
      signal,
      ask: async () => readFacts(await store.facts.list({ userId, limit: mostFacts })),
      otherwise: [],
    });
  }

  async #words({ sessionId, userId, query, signal }: Request): Promise<Answer<SearchHit[]>> {
    const { store, maxItems, searchDeadlineMs } = this.#settings;
    const terms = [...new Set(searchTerms(query))];
    if (maxItems === 0 || terms.length === 0) return { value: [] };
    return ask({
      part: 'memory.search',
      gates: [this.#gates.search, this.#gates.store],
      deadlineMs: searchDeadlineMs,
      signal,
      ask: async (ended) => {
        const asked = { terms, k: maxItems + spareHits };
        return readHits(await store.search({ sessionId, userId }, asked, ended));
      },
      otherwise: [],
    });
  }

  async #meaning({ sessionId, userId, query, signal }: Request): Promise<Answer<SearchHit[]>> {
    const { store, maxItems, embeddings, vectorsDeadlineMs } = this.#settings;
    const { vectors } = store;
    if (!embeddings || !vectors || maxItems === 0 || query.trim() === '') return { value: [] };
    const { model } = embeddings;
    return ask({
      part: 'memory.vectors',
      gates: [this.#gates.vectors, this.#gates.store],
      deadlineMs: vectorsDeadlineMs,
      signal,
      ask: async (ended) => {
        const vector = readVector(await embeddings.embed([query], ended));
        const asked = { model, vector, k: maxItems + spareHits };
        return readHits(await vectors.search({ sessionId, userId }, asked, ended));
      },
      otherwise: [],
    });
  }
}

function isSame(one: StoredTurn): (other: StoredTurn) => boolean {
  return (other) => other.id === one.id && other.sessionId === one.sessionId;
}
