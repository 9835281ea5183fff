import type { PrunePolicy } from '../memory-store.ts';
import type { StoredTurn } from '../turn.ts';

/** The numbers of the oldest turns that must go for the rest to keep the policy. */
export function expiredTurns(turns: Map<number, StoredTurn>, policy: PrunePolicy): number[] {
  const { maxAgeMs = Infinity, maxTurns = Infinity, maxBytes = Infinity } = policy;
  const newestFirst = [...turns].toReversed();
  const since = Date.now() - maxAgeMs;
  let bytes = 0;
  return newestFirst
    .filter(([, turn], place) => {
      bytes += Buffer.byteLength(JSON.stringify(turn.messages));
      return turn.at < since || place >= maxTurns || bytes > maxBytes;
    })
    .map(([number]) => number);
}
