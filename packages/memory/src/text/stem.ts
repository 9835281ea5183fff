import { stemmer } from 'stemmer';

const mostKept = 10_000;
const kept = new Map<string, string>();

/**
 * What the forms of an English word have in common: `operated`, `operation` → `oper`. What isn't
 * `a` to `z` alone stays as it is, and so does a stem: it can be given in place of its word.
 *
 * M. F. Porter, An algorithm for suffix stripping, Program 14 (1980), until nothing changes any more.
 */
export function stem(word: string): string {
  if (!english.test(word)) return word;
  const known = kept.get(word);
  if (known !== undefined) return known;
  let found = word;
  for (let before = ''; before !== found;) {
    before = found;
    found = stemmer(found);
  }
  // Words come again and again: looking one up is a fiftieth of the work.
  if (kept.size >= mostKept) kept.clear();
  kept.set(word, found);
  return found;
}

const english = /^[a-z]{3,}$/;
