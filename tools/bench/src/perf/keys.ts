/** A small generator (mulberry32), so that every process does the same work. */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function makeKeys(count: number, prefix = 'key'): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}:${index}`);
}

/** Draws from the items, each as likely as the others. */
export function uniform<T>(items: readonly T[], draws: number): T[] {
  const random = dice(1);
  return Array.from({ length: draws }, () => items[Math.floor(random() * items.length)]!);
}

/** Draws from the items by Zipf's law (exponent 1): the n-th most popular 1/n as often as the first. */
export function zipf<T>(items: readonly T[], draws: number): T[] {
  const random = dice(2);
  const shuffled = items.toSorted(() => random() - 0.5);
  const scale = Math.log(items.length);
  return Array.from({ length: draws }, () => shuffled[Math.floor(Math.exp(random() * scale)) - 1]!);
}
