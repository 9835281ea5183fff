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
  for (let before = ''; before !== found && english.test(found);) {
    before = found;
    found = stripOnce(found);
  }
  // Words come again and again: looking one up is a fiftieth of the work.
  if (kept.size >= mostKept) kept.clear();
  kept.set(word, found);
  return found;
}

const english = /^[a-z]{3,}$/;

function stripOnce(word: string): string {
  const plural = replaceEnd(word, plurals, () => true);
  const inflected = withoutInflection(plural).replace(/y$/, (y, at: number) =>
    hasVowel(plural.slice(0, at)) ? 'i' : y,
  );
  const shorter = [derived, adjectives].reduce(
    (rest, ends) => replaceEnd(rest, ends, (before) => measure(before) > 0),
    inflected,
  );
  return tidied(replaceEnd(shorter, suffixes, isLongEnough));
}

/** The longest end that fits is replaced, if what stands before it allows; else nothing is. */
function replaceEnd(
  word: string,
  ends: Readonly<Record<string, string>>,
  allows: (before: string, end: string) => boolean,
): string {
  for (let at = 1; at < word.length; at++) {
    const end = word.slice(at);
    if (!Object.hasOwn(ends, end)) continue;
    const before = word.slice(0, at);
    return allows(before, end) ? before + ends[end] : word;
  }
  return word;
}

const plurals = { sses: 'ss', ies: 'i', ss: 'ss', s: '' };

function withoutInflection(word: string): string {
  if (word.endsWith('eed')) return replaceEnd(word, { eed: 'ee' }, (before) => measure(before) > 0);
  const bare = replaceEnd(word, { ed: '', ing: '' }, hasVowel);
  if (bare === word) return word;
  if (/(?:at|bl|iz)$/.test(bare)) return `${bare}e`;
  if (/([^aeiouylsz])\1$/.test(bare)) return bare.slice(0, -1);
  return measure(bare) === 1 && isShort(bare) ? `${bare}e` : bare;
}

const derived = {
  ational: 'ate',
  tional: 'tion',
  enci: 'ence',
  anci: 'ance',
  izer: 'ize',
  bli: 'ble',
  alli: 'al',
  entli: 'ent',
  eli: 'e',
  ousli: 'ous',
  ization: 'ize',
  ation: 'ate',
  ator: 'ate',
  alism: 'al',
  iveness: 'ive',
  fulness: 'ful',
  ousness: 'ous',
  aliti: 'al',
  iviti: 'ive',
  biliti: 'ble',
  logi: 'log',
};

const adjectives = {
  icate: 'ic',
  ative: '',
  alize: 'al',
  iciti: 'ic',
  ical: 'ic',
  ful: '',
  ness: '',
};

const suffixes = Object.fromEntries(
  'al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize'
    .split(' ')
    .map((end) => [end, '']),
);

function isLongEnough(before: string, end: string): boolean {
  return measure(before) > 1 && (end !== 'ion' || /[st]$/.test(before));
}

function tidied(word: string): string {
  const before = word.slice(0, -1);
  const vowels = measure(before);
  if (word.endsWith('e')) return vowels > 1 || (vowels === 1 && !isShort(before)) ? before : word;
  return word.endsWith('ll') && measure(word) > 1 ? before : word;
}

/** Its letters as `v` and `c`; a `y` is a vowel after a consonant. */
function shape(word: string): string {
  return word.replace(/[aeiou]|(?<=[^aeiou])y/g, 'V').replace(/[^V]/g, 'c');
}

/** How often a vowel is followed by a consonant. */
function measure(word: string): number {
  return shape(word).match(/Vc/g)?.length ?? 0;
}

function hasVowel(word: string): boolean {
  return shape(word).includes('V');
}

/** Ends as `hop` does, so that an `e` makes a difference. */
function isShort(word: string): boolean {
  return shape(word).endsWith('cVc') && !/[wxy]$/.test(word);
}
