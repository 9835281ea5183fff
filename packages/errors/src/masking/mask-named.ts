import { isSecretKey } from './is-secret-key.ts';
import { MASK } from './mask.ts';

/*
 * A name before `=` or `:` (or ` provided:`, as providers say of keys), as it stands or in the query
 * of a URL (`api%5Fkey=`, `user%5Bpassword%5D=`), also of one within another (`%3Ftoken%3D`); its
 * closing quote, as in JSON, also in JSON within JSON; a closing bracket (`env["TOKEN"] =`); a list's
 * begin.
 */
const before = /(?:(?<![\w-])(?<!%(?=[\da-f]{2}))|(?<=%(?!2[de]|5[bdf])[\da-f]{2}))/;
const word = /((?:(?:api|access|secret|private) )?(?:[\w-]|%(?:2[de]|5[bdf])){3,200})/;
const after =
  /(?: provided)?(\\{0,15}["'])?\]?\s{0,4}(?:[:=]|%3[ad])\s{0,4}(\[(?!masked\])\s{0,4})?/;
const names = new RegExp(before.source + word.source + after.source, 'gi');

const openings = /\\{0,15}["']/y;
/** What stands behind a quote that closes the text in which a name stands: `"Your password:"`. */
const outside = /\s{0,4}(?:[,:}\]]|\\{0,15}["']|$)/y;
const bare =
  /(?:(?:bearer|basic|token|apikey|digest|negotiate)\s{1,4})?(?:\[masked\]|[^\s"'\\&,;<>(){}[\]]+)/iy;
/** Cookies may be many, and so are the words of a passphrase: all to the end of the line. */
const bareLine = /[^\s"'\\[{][^\r\n"'\\]*/y;
const lines = /(?:cookies?|passphrase|mnemonic)$/i;
const commas = /\s{0,20},\s{0,20}/y;

/** In the query of a URL, also of one within another, these are secrets, too. */
const inQuery = /(?:[?&]|%(?:3f|26))$/i;
const queryNames = /^(?:key|sig|(?:x-(?:amz|goog)-)?signature)$/i;

/** These tell no secret. */
const nothing = /^(?:true|false|null|undefined)$/;

/** What follows a name and a colon in prose: `No API key: set OPENAI_API_KEY`, `password: Required`. */
const prose =
  /^(?:an?|the|is|was|are|has|not?|none|must|should|can|cannot|could|expected|required|missing|invalid|expired|unknown|unexpected|set|use|pass|see|check|got|too|failed|unable)[.!]?$/i;

/**
 * Masks what is a secret by its name: `?api_key=…`, `"password": "…"`, `x-api-key: …`. JSON stays JSON
 * (only an apostrophe that isn't closed can spoil it). Linear: nothing is looked at twice.
 */
export function maskNamed(text: string): string {
  let masked = '';
  let copied = 0;
  names.lastIndex = 0;
  for (let match = names.exec(text); match !== null; match = names.exec(text)) {
    const [, name = '', closer = '', list] = match;
    const isQuery = inQuery.test(text.slice(Math.max(0, match.index - 3), match.index));
    if (!isSecretKey(decoded(name)) && !(isQuery && queryNames.test(decoded(name)))) continue;
    const quote = ownQuote(closer);
    let from: number | undefined = names.lastIndex;
    while (from !== undefined) {
      const value = valueAt(text, from, name, quote);
      if (value === undefined) break;
      const mask = value.open === undefined ? quote + MASK + quote : value.open + MASK;
      masked += text.slice(copied, from) + mask;
      copied = names.lastIndex = value.end;
      from = list === undefined ? undefined : nextItem(text, value);
    }
  }
  return masked + text.slice(copied);
}

/** Only the few that stand in a name. */
function decoded(name: string): string {
  return name.includes('%') ? decodeURIComponent(name) : name;
}

interface Value {
  /** The quote it stands in; it is closed after `end`. */
  open: string | undefined;
  end: number;
}

function valueAt(text: string, from: number, name: string, quote: string): Value | undefined {
  const open = at(openings, text, from);
  if (open !== undefined) {
    const begin = from + open.length;
    const isClosing =
      quote === '' ? at(outside, text, begin) !== undefined : open.length < quote.length;
    if (isClosing || ownQuote(open) !== open) return undefined;
    return { open, end: closing(text, begin, open) };
  }
  const value = at(lines.test(name) ? bareLine : bare, text, from);
  if (value === undefined || nothing.test(value)) return undefined;
  if (quote === '' && /\s/.test(text[from - 1]!) && prose.test(value)) return undefined;
  return { open, end: from + value.length };
}

/** Where the quote begins that closes the value, or a text around it. */
function closing(text: string, from: number, open: string): number {
  const mark = open.at(-1)!;
  for (let end = text.indexOf(mark, from); end !== -1; end = text.indexOf(mark, end + 1)) {
    let begin = end;
    while (begin > from && text[begin - 1] === '\\') begin--;
    const quote = ownQuote(text.slice(begin, end + 1));
    if (quote.length <= open.length) return end + 1 - quote.length;
  }
  return text.length;
}

/**
 * A quote with its own escapes: none in JSON, 1 in JSON within JSON, then 3, 7 … All before them are
 * escaped backslashes. So its length is the greatest power of two by which that of all can be divided.
 */
function ownQuote(escaped: string): string {
  return escaped.slice(-(escaped.length & -escaped.length));
}

function nextItem(text: string, { open = '', end }: Value): number | undefined {
  const after = end + open.length;
  const comma = at(commas, text, after);
  return comma === undefined ? undefined : after + comma.length;
}

function at(sticky: RegExp, text: string, index: number): string | undefined {
  sticky.lastIndex = index;
  return sticky.exec(text)?.[0];
}
