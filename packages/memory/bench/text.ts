/** The same numbers each time: mulberry32 (Tommy Ettinger, public domain). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Words as languages have them: of 20,000, the n-th most common is n times rarer than the first. */
export function zipfWords(random: () => number, vocabulary = 20_000): (count: number) => string {
  const sums: number[] = [];
  for (let rank = 1; rank <= vocabulary; rank++) sums.push((sums.at(-1) ?? 0) + 1 / rank);
  const word = () => {
    const wanted = random() * sums.at(-1)!;
    let [low, high] = [0, vocabulary - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    return `w${low.toString(36)}`;
  };
  return (count) => Array.from({ length: count }, word).join(' ');
}
