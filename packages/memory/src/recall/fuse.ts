import type { SearchHit } from '../memory-store.ts';

export interface Found extends SearchHit {
  why: 'words' | 'meaning' | 'words and meaning';
}

// How little the first places outweigh the later ones.
const flattening = 60;

/**
 * Two rankings in one, by rank alone, as scores of different kinds can't be compared: reciprocal
 * rank fusion (Cormack, Clarke & Büttcher, 2009). The score is 1 for what is first in all.
 */
export function fuse(byWords: SearchHit[], byMeaning: SearchHit[]): Found[] {
  const lists = [byWords, byMeaning].filter((list) => list.length > 0).length;
  const found = new Map<string, Found>();
  const add = (hits: SearchHit[], why: 'words' | 'meaning') =>
    hits.forEach(({ turn }, rank) => {
      const key = JSON.stringify([turn.sessionId, turn.id]);
      const known = found.get(key);
      const score = (known?.score ?? 0) + (flattening + 1) / (flattening + 1 + rank) / lists;
      found.set(key, { turn, score, why: known === undefined ? why : 'words and meaning' });
    });
  add(byWords, 'words');
  add(byMeaning, 'meaning');
  return [...found.values()].sort((a, b) => b.score - a.score);
}
