/** One named fault with its parameters, as written in a directive: `429,retry-after=2`. */
export interface Order {
  name: string;
  params: Record<string, string>;
}

/**
 * `[[fault: cut, after=3; slow-chunks, ms=50]]` in what the user said last, or
 * `…fault:503,times=2` at the end of the model's name: both pass any gateway untouched.
 */
export function directiveOf(model: string, said: string): string | undefined {
  return /\[\[fault:([^\]]*)\]\]/.exec(said)?.[1]?.trim() ?? /fault:(\S+)$/.exec(model)?.[1];
}

/** `'cut, after=3; crlf'` → two orders. */
export function parseDirective(text: string): Order[] {
  return text
    .split(';')
    .map((part) => part.split(',').map((word) => word.trim()))
    .filter(([name]) => name !== undefined && name !== '')
    .map(([name, ...words]) => ({
      name: name!,
      params: Object.fromEntries(
        words.map((word) => [word.split('=')[0]!, word.slice(word.indexOf('=') + 1)]),
      ),
    }));
}

/** The message as it is answered: without its directives. */
export const withoutDirectives = (text: string): string =>
  text.replaceAll(/\[\[[a-z]+:[^\]]*\]\]/g, '').trim();
