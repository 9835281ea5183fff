import { maskText } from '@kortana/errors';
import type { ChatRequest } from '../chat-model.ts';

/** So many characters in a row are an echo, not a coincidence. */
const echoLength = 16;
/** Beyond so much content the search costs more than the message is worth: it is dropped. */
const longestContent = 200_000;
const hidden = '[…]';

function* textsOf(request: ChatRequest): Generator<string> {
  for (const message of request.messages) {
    if (typeof message.content === 'string') yield message.content;
    else for (const part of message.content) yield part.type === 'text' ? part.text : part.url;
    if (message.role === 'assistant')
      for (const call of message.toolCalls ?? []) yield call.arguments;
  }
}

/** What is shorter stands in every other word. */
const isTelling = (text: string): boolean => text.length >= 4;

/** As it was said, and as JSON quotes it. */
const spellings = (text: string): string[] => [
  ...new Set([text, JSON.stringify(text).slice(1, -1)]),
];

/** Hides every run of the message that stands in the content, too. */
function withoutEcho(message: string, content: string): string {
  let kept = '';
  for (let at = 0; at < message.length;) {
    let end = at + echoLength;
    if (end > message.length || !content.includes(message.slice(at, end))) {
      kept += message[at++]!;
      continue;
    }
    while (end < message.length && content.includes(message.slice(at, end + 1))) end += 1;
    kept += hidden;
    at = end;
  }
  return kept;
}

const hide = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((shown, secret) => shown.replaceAll(secret, hidden), text);

/** What of a request is looked for: all of it in one text, and what is too short to be found there. */
function contentOf(request: ChatRequest): { content: string; short: string[] } {
  const texts = [...textsOf(request)].flatMap(spellings);
  const short = texts.filter((text) => isTelling(text) && text.length < echoLength);
  return { content: texts.join('\n'), short };
}

/**
 * Takes keys and the content of the request out of what a provider says: providers quote both in
 * their error messages, and errors are logged.
 */
export function redactor(
  request: ChatRequest,
  secrets: readonly string[],
): (text: string) => string {
  // Only a failure needs it, and then several times.
  let asked: ReturnType<typeof contentOf> | undefined;
  return (text) => {
    const { content, short } = (asked ??= contentOf(request));
    if (content.length > longestContent) return '';
    // Keys first: cut in two they would not be known again.
    const keyless = hide(text, secrets.filter(isTelling)).slice(0, 600);
    return maskText(withoutEcho(hide(keyless, short), content));
  };
}
