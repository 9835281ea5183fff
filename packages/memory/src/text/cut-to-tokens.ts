import { textTokens } from './estimate-tokens.ts';

/** The beginning of the text and an ellipsis, in no more tokens than that. */
export function cutToTokens(text: string, tokens: number): string {
  let [fits, tooLong] = [0, Math.min(text.length, 4 * tokens) + 1];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (textTokens(text.slice(0, middle)) < tokens) fits = middle;
    else tooLong = middle;
  }
  // Not in the middle of a character.
  return `${text.slice(0, fits).replace(/[\ud800-\udbff]$/, '')}…`;
}
