import { maskNamed } from './mask-named.ts';
import { MASK } from './mask.ts';

/*
 * Every pattern is linear: it begins only where a run of its characters begins (the lookbehind), so
 * that no character is looked at by more than one attempt, and its parts can't give way to each other.
 */

/** Keys that providers mark as such by a prefix. Those of `sk-` are masked however short they are. */
const markedKeys =
  /(?<![A-Za-z0-9])(?:sk-[\w-]{3,}|(?:[sr]k_(?:live|test)_|gsk_|gh[pousr]_|github_pat_|glpat-|hf_|npm_|xai-|pplx-|r8_|xox[abeoprs]-|AIza|AKIA|ASIA|ya29\.)[\w-]{16,})/g;

/** JSON Web Tokens. */
const webTokens = /(?<![\w-])eyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?/g;

const privateKeys =
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----[^-"']*(?:-{1,4}[^-"']+)*(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?/g;

/** `Bearer …` and `Basic …`. */
const schemes = /(?<![A-Za-z0-9])(bearer|basic)(\s{1,4})([\w.~+/=-]+)/gi;

/** What follows the word in prose. */
const prose =
  /^(?:of|in|is|or|and|with|tokens?|keys?|auth\w*|schemes?|headers?|formats?|bonds?|shares?|\[masked\])[.]?$/i;

/** Of `https://user:password@host` the password, of `https://key@host` the key: a name is shorter. */
const urlPasswords =
  /(:\/\/(?:[^\s/?#:@"'\\]*:|(?=[\w.~%-]{20,}@)))[^\s/?#@"'\\]*(?:@[^\s/?#@"'\\]*)*(?=@)/g;

/**
 * The text with its secrets replaced by `[masked]`: keys with a known prefix (`sk-…`, `ghp_…`), JSON
 * Web Tokens, private keys, `Bearer …` and `Basic …`, passwords in URLs, and the values of fields
 * with a secret's name (`?api_key=…`, `"password": "…"`, `x-api-key: …`). Takes time in proportion
 * to the text's length, whatever stands in it.
 */
export function maskText(text: string): string {
  return maskNamed(text)
    .replace(privateKeys, MASK)
    .replace(markedKeys, MASK)
    .replace(webTokens, MASK)
    .replace(urlPasswords, `$1${MASK}`)
    .replace(schemes, maskCredentials);
}

function maskCredentials(whole: string, scheme: string, space: string, credentials: string) {
  const isProse =
    prose.test(credentials) ||
    (scheme.toLowerCase() === 'basic' && !/^(?=.*[\d=+/]|.*[a-z].*[A-Z]).{6,}$/.test(credentials));
  return isProse ? whole : `${scheme}${space}${MASK}`;
}
