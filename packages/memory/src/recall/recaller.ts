import type { Settings } from '../memory-options.ts';
import type { Fact, Scope, SearchHit } from '../memory-store.ts';
import { textTokens } from '../text/estimate-tokens.ts';
import { searchTerms } from '../text/search-terms.ts';
import { toolGroups } from '../text/tool-groups.ts';
import type { StoredTurn } from '../turn.ts';
import { type Answer, ask } from './ask.ts';
import { fitWindow } from './fit-window.ts';
import { type Found, fuse } from './fuse.ts';
import type { Gates } from './gates.ts';
import { recallItems } from './recall-items.ts';
import type { RecallRequest, Recollection } from './recollection.ts';

/** What this process knows of a session by itself. */
export interface Local {
  /** Turns not known to be stored. */
  pending: StoredTurn[];
  /** The newest turns seen, for when the store doesn't answer. */
  tail: StoredTurn[];
}

/** Facts and found turns together get no more of the budget than this. */
const itemsShare = 0.25;
const mostFacts = 100;
/** Found turns that the window shows anyway make room for others. */
const spareHits = 30;

/** Asks all parts of a memory at once, each for itself, and puts together what came in time. */
export class Recaller {
  readonly #settings: Settings;
  readonly #gates: Gates;

  constructor(settings: Settings, gates: Gates) {
    this.#settings = settings;
    this.#gates = gates;
  }

  /** Never rejects. `turns`: what the store and this process know of the session's end. */
  async recall(
    { sessionId, userId, query }: RecallRequest,
    local: Local,
  ): Promise<Recollection & { turns: StoredTurn[] }> {
    const scope = { sessionId, userId };
    const answers = await Promise.all([
      this.#window({ sessionId, userId }),
      this.#facts(userId),
      this.#words(scope, query),
      this.#meaning(scope, query),
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
    const items = recallItems(facts, found.slice(0, maxItems), Math.floor(maxTokens * itemsShare));
    const taken = items.reduce((sum, { text }) => sum + textTokens(text), 0);
    const limits = { maxTokens: maxTokens - taken, maxMessages };
    const messages = fitWindow(turns.toReversed(), limits).flatMap((turn) => turn.messages);
    return { messages: toolGroups(messages).flat(), items };
  }

  #window(scope: { sessionId: string; userId: string | undefined }): Promise<Answer<StoredTurn[]>> {
    const { store, window, deadlineMs } = this.#settings;
    return ask({
      part: 'memory.window',
      gates: [this.#gates.store],
      deadlineMs,
      ask: () => store.window(scope, window),
      otherwise: [],
    });
  }

  async #facts(userId: string | undefined): Promise<Answer<Fact[]>> {
    const { store, deadlineMs } = this.#settings;
    if (userId === undefined) return { value: [] };
    return ask({
      part: 'memory.facts',
      gates: [this.#gates.store],
      deadlineMs,
      ask: () => store.facts.list({ userId, limit: mostFacts }),
      otherwise: [],
    });
  }

  async #words(scope: Scope, query: string): Promise<Answer<SearchHit[]>> {
    const { store, maxItems, searchDeadlineMs } = this.#settings;
    const terms = [...new Set(searchTerms(query))];
    if (maxItems === 0 || terms.length === 0) return { value: [] };
    return ask({
      part: 'memory.search',
      gates: [this.#gates.search, this.#gates.store],
      deadlineMs: searchDeadlineMs,
      ask: (signal) => store.search(scope, { terms, k: maxItems + spareHits }, signal),
      otherwise: [],
    });
  }

  async #meaning(scope: Scope, query: string): Promise<Answer<SearchHit[]>> {
    const { store, maxItems, embeddings, vectorsDeadlineMs } = this.#settings;
    const { vectors } = store;
    if (!embeddings || !vectors || maxItems === 0 || query.trim() === '') return { value: [] };
    const { model } = embeddings;
    return ask({
      part: 'memory.vectors',
      gates: [this.#gates.vectors, this.#gates.store],
      deadlineMs: vectorsDeadlineMs,
      ask: async (signal) => {
        const [vector] = await embeddings.embed([query], signal);
        return vectors.search(scope, { model, vector: vector!, k: maxItems + spareHits }, signal);
      },
      otherwise: [],
    });
  }
}

function isSame(one: StoredTurn): (other: StoredTurn) => boolean {
  return (other) => other.id === one.id && other.sessionId === one.sessionId;
}
