import { stem } from './stem.ts';

// A word; `c++` and `c#` are words too.
const word = /\p{L}(?:\+\+|#)(?![\p{L}\p{N}])|[\p{L}\p{N}\p{M}]+/gu;

// Scripts that are written without spaces, or (Hangul) glue endings to their words.
const unspaced =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]+/gu;

// Longer ones are hashes and encoded data: nobody searches for their end.
const maxTermLength = 40;

/**
 * The words of a text as every store indexes them, in order, repeated as often as they occur:
 * lower case, without accents, English ones by their stems. Text of scripts without spaces becomes
 * overlapping pairs of characters, and Han characters, which can be words, are terms alone too:
 * `天气好` → `天`, `气`, `天气`, `好`, `气好`.
 */
export function searchTerms(text: string): string[] {
  const terms: string[] = [];
  for (const [found] of plain(text).matchAll(word)) {
    // Most words are looked at no closer: this is on the way of every turn.
    if (beyondAscii.test(found)) split(found, terms);
    else terms.push(plainTerm(found));
  }
  return terms;
}

// oxlint-disable-next-line no-control-regex
const beyondAscii = /[^\u0000-\u007f]/;

function plain(text: string): string {
  if (!beyondAscii.test(text)) return text.toLowerCase();
  // NFKD parts letters from accents, and full-width forms from their width.
  const parted = text.normalize('NFKD').replace(/(?<=\p{Script=Latin})\p{M}+/gu, '');
  return parted.normalize('NFC').toLowerCase();
}

function split(found: string, terms: string[]): void {
  let end = 0;
  for (const match of found.matchAll(unspaced)) {
    if (match.index > end) terms.push(plainTerm(found.slice(end, match.index)));
    pairs(match[0], terms);
    end = match.index + match[0].length;
  }
  if (end < found.length) terms.push(plainTerm(found.slice(end)));
}

function plainTerm(term: string): string {
  return stem(term.slice(0, maxTermLength));
}

function pairs(run: string, terms: string[]): void {
  const characters = Array.from(run);
  characters.forEach((character, index) => {
    if (characters.length === 1 || /\p{Script=Han}/u.test(character)) terms.push(character);
    if (index > 0) terms.push(characters[index - 1]! + character);
  });
}
