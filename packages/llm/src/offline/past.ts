import type { ChatMessage } from '../chat-model.ts';
import { quote, textOf } from './quote.ts';

/** What can be known of the past: who said what, and what a memory has noted (`- …` lines of system messages). */
interface Past {
  user: string[];
  assistant: string[];
  notes: string[];
}

function pastOf(messages: readonly ChatMessage[]): Past {
  const by = (role: ChatMessage['role']) =>
    messages.filter((message) => message.role === role).map(textOf);
  const notes = by('system').flatMap((text) =>
    [...text.matchAll(/^- (.+)$/gm)].map(([, note]) => note!),
  );
  return { user: by('user'), assistant: by('assistant'), notes };
}

/** The newest name is the truest. */
function nameIn(texts: readonly string[]): string | undefined {
  for (const text of texts.toReversed()) {
    const name = /\b(?:my name is|I am called|call me)\s+([\p{L}\p{M}'-]+)/iu.exec(text)?.[1];
    if (name) return name;
  }
  return undefined;
}

const nothing = 'Nothing yet: this is the beginning of what I can see.';

function quoteOf(who: 'You' | 'I', texts: readonly string[], question: string): string {
  if (texts.length === 0) return nothing;
  if (/\bfirst\b/i.test(question)) return `${who} said first: ${quote(texts[0]!)}`;
  if (/\b(?:last|just|before|previous)\b/i.test(question))
    return `${who} said last: ${quote(texts.at(-1)!)}`;
  return `${who} said before: ${texts.slice(-5).map(quote).join(', ')}`;
}

/** Each question for the past, and its answer; the first that fits. */
const rules: readonly [question: RegExp, answer: (past: Past, question: string) => string][] = [
  [
    /\b(?:what|whats|know|remember|tell me|say)\b.*\bmy name\b|\bmy name\b.*\?|\bwho am I\b/i,
    ({ user, notes }) => {
      const name = nameIn([...notes, ...user]);
      return name
        ? `Your name is ${name}: you told me.`
        : 'You have not told me your name in what I can see.';
    },
  ],
  [
    /\b(?:remember|know)\b.*\b(?:me|I|we)\b/i,
    ({ user, notes }) => {
      const known = [...notes, ...user].slice(-5);
      return known.length === 0 ? nothing : `I remember: ${known.map(quote).join(', ')}`;
    },
  ],
  [
    /\b(?:did|have|what) you\b.*\b(?:say|said|answer|answered|tell|told)\b|\byour (?:first|last|previous) (?:answer|reply)\b/i,
    ({ assistant }, question) => quoteOf('I', assistant, question),
  ],
  [
    /\b(?:did|have|what) (?:I|we)\b.*\b(?:say|said|ask|asked|tell|told)\b|\bmy (?:first|last|previous) (?:message|question)\b/i,
    ({ user }, question) => quoteOf('You', user, question),
  ],
];

/** A longer one is no question, and would keep the patterns busy for seconds. */
const longestQuestion = 1000;

/** The answer to a question about this very conversation; `undefined` for any other. */
export function answerFromPast(
  question: string,
  earlier: readonly ChatMessage[],
): string | undefined {
  if (question.length > longestQuestion) return undefined;
  const rule = rules.find(([pattern]) => pattern.test(question));
  return rule?.[1](pastOf(earlier), question);
}
