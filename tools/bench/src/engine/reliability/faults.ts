/** What may befall a call, in equal shares: errors, silence, breaks, replies that are none. */
export const mixedFaults = [
  '500',
  '502',
  '503',
  '429, retry-after=1',
  'reset',
  'reset-after-head',
  'cut',
  'clean-end',
  'truncated',
  'stall',
  'hang-after-head',
  'error-event',
  'bare-error-event',
  'finish-error',
  'malformed',
  'html',
  'json',
  'empty-choices',
];

/** Dice that show the same each time: mulberry32. */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A script for a provider whose calls fail with this probability. */
export function failing(share: number, random: () => number): () => string | undefined {
  return () =>
    random() < share ? mixedFaults[Math.floor(random() * mixedFaults.length)] : undefined;
}
