import { checkBoolean, checkInteger, checkObject, checkString } from '@kortana/errors';

export interface SanitizeOptions {
  /** The longest result in UTF-16 units, an integer from 0 up; default: 10 000. */
  maxLength?: number | undefined;
  /** Whether white space at both ends goes; default: true. */
  trim?: boolean | undefined;
}

/** What is taken out of a text, in code points. */
export interface RemovedCharacters {
  /** C0 and C1 controls and DEL, but for `\n`, `\t` and `\r`. */
  control: number;
  /** Embeddings, overrides and isolates of direction, which show a text in another order than it is. */
  bidi: number;
  /** Tags, invisible operators and the byte order mark, which carry what nobody sees. */
  invisible: number;
  /** Halves of a character without the other half. */
  surrogates: number;
}

export interface InspectedText {
  /** The clean text. */
  text: string;
  removed: RemovedCharacters;
  /** Whether something was cut off because the clean text was too long. */
  truncated: boolean;
}

/**
 * What is unwanted, and how many units each has. Surrogates come first: to take out what stands
 * between two lone ones would make a pair of them.
 *
 * Not among them, because languages and emoji are written with them: ZWJ and ZWNJ (U+200C/D), U+200B,
 * U+2060, the marks U+200E/F, variation selectors.
 */
const unwanted: [keyof RemovedCharacters, RegExp, units: number][] = [
  ['surrogates', /\p{Surrogate}/gu, 1],
  // oxlint-disable-next-line no-control-regex -- they are what it is for
  ['control', /[\0-\x08\v\f\x0E-\x1F\x7F-\x9F]/g, 1],
  ['bidi', /[\u202A-\u202E\u2066-\u2069]/g, 1],
  ['invisible', /[\uFEFF\u2061-\u2064]/g, 1],
  ['invisible', /[\u{E0000}-\u{E007F}]/gu, 2],
];

/** Cleans a text as `sanitizeText` does, and tells what it took out. */
export function inspectText(text: string, options: SanitizeOptions = {}): InspectedText {
  checkString('text', text);
  const { maxLength = 10_000, trim = true } = checkObject('options', options);
  checkInteger('maxLength', maxLength, { min: 0 });
  checkBoolean('trim', trim);
  const removed = { control: 0, bidi: 0, invisible: 0, surrogates: 0 };
  let clean = text;
  for (const [kind, pattern, units] of unwanted) {
    const { length } = clean;
    clean = clean.replace(pattern, '');
    removed[kind] += (length - clean.length) / units;
  }
  if (trim) clean = clean.trim();
  const cut = cutAtCluster(clean, maxLength);
  // Trimmed again, or to clean the result once more would change it.
  return { text: trim ? cut.trimEnd() : cut, removed, truncated: cut.length < clean.length };
}

const clusters = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** As many whole grapheme clusters (what a reader takes for one character) as fit. */
function cutAtCluster(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  // Whether a cluster ends here can be told from what stands before and the one code point behind.
  const enough = text.slice(0, maxLength + 2);
  return text.slice(0, clusters.segment(enough).containing(maxLength)?.index);
}
