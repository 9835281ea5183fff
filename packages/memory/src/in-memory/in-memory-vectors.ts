import type { VectorShelf } from '../memory-store.ts';
import { similarity } from '../text/similarity.ts';
import type { StoredTurn } from '../turn.ts';
import type { TurnTable } from './turn-table.ts';

/** Vectors hang on the turns themselves and go with them. */
export function inMemoryVectors(table: TurnTable): VectorShelf {
  const vectors = new WeakMap<StoredTurn, Map<string, number[]>>();
  return {
    async available() {
      return true;
    },
    async put(model, rows) {
      for (const { sessionId, id, vector } of rows) {
        const turn = table.turns.get(table.sessions.get(sessionId)?.turns.get(id) ?? 0);
        if (turn === undefined) continue;
        vectors.set(turn, (vectors.get(turn) ?? new Map<string, number[]>()).set(model, vector));
      }
    },
    async missing(model, limit) {
      const lacking = [...table.turns.values()].filter(
        (turn) => turn.kind === 'answer' && !vectors.get(turn)?.has(model),
      );
      return structuredClone(lacking.slice(-limit).toReversed());
    },
    async search(scope, { model, vector, k }) {
      const numbers = table.within(scope) ?? table.turns.keys();
      const hits = [...numbers].flatMap((number) => {
        const turn = table.turns.get(number)!;
        const own = vectors.get(turn)?.get(model);
        return own === undefined ? [] : [{ turn, score: similarity(own, vector) }];
      });
      return structuredClone(hits.sort((a, b) => b.score - a.score).slice(0, k));
    },
  };
}
