export interface TermFrequency {
  term: string;
  /** In how many turns it occurs. */
  turns: number;
}

const mostTerms = 8;
// What a search may have to look at: keeps it in the low milliseconds at any size of the store.
const mostMatches = 4_000;
const everywhere = { share: 0.2, least: 50 };

/**
 * The few terms that tell most: the rarest ones, up to 8, as long as all together don't match more
 * than 4,000 turns and none is in more than a fifth of all (and in more than 50). The rarest is kept in any case; terms
 * that occur nowhere are left out.
 */
export function rarestTerms(frequencies: TermFrequency[], allTurns: number): string[] {
  const rising = frequencies
    .filter(({ turns }) => turns > 0)
    .sort((a, b) => a.turns - b.turns)
    .slice(0, mostTerms);
  const common = Math.max(everywhere.least, everywhere.share * allTurns);
  let matches = 0;
  return rising
    .filter(({ turns }, index) => {
      matches += turns;
      return index === 0 || (matches <= mostMatches && turns <= common);
    })
    .map(({ term }) => term);
}
