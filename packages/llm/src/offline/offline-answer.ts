import type { ChatMessage, ChatRequest } from '../chat-model.ts';
import { solveSum } from './arithmetic.ts';

const limits =
  'I am the offline model: no language model, just a few rules. I can do sums and quote what was said in this conversation. For real answers set OPENAI_API_KEY.';

/** So much of an earlier message is quoted. */
const longestQuote = 200;

const quote = (text: string): string =>
  text.length > longestQuote ? `“${text.slice(0, longestQuote)}…”` : `“${text}”`;

const textOf = ({ content }: ChatMessage): string =>
  typeof content === 'string'
    ? content
    : content.map((part) => (part.type === 'text' ? part.text : '[image]')).join(' ');

const said = (messages: readonly ChatMessage[], role: 'user' | 'assistant'): string[] =>
  messages.filter((message) => message.role === role).map(textOf);

/** A question about this very conversation, answered by quoting it. */
function recall(question: string, earlier: readonly ChatMessage[]): string | undefined {
  const asksForOwn = /\b(?:I|we|my)\b/i.test(question);
  const asksForMine = /\b(?:you|your)\b.*\b(?:say|said|answer|answered|reply)\b/i.test(question);
  if (/\bmy name\b/i.test(question)) return nameIn(said(earlier, 'user'));
  if (
    !/\b(?:sa(?:y|id)|ask(?:ed)?|tell|told|remember|earlier|before|first|last|previous)\b/i.test(
      question,
    )
  ) {
    return undefined;
  }
  if (!asksForOwn && !asksForMine && !/\bremember\b/i.test(question)) return undefined;
  const mine = asksForMine && !/\bI\b/.test(question);
  const found = said(earlier, mine ? 'assistant' : 'user');
  const who = mine ? 'I' : 'You';
  if (found.length === 0) return `Nothing yet: this is the beginning of what I can see.`;
  if (/\bfirst\b/i.test(question)) return `${who} said first: ${quote(found[0]!)}`;
  if (/\b(?:last|just|before|previous)\b/i.test(question))
    return `${who} said last: ${quote(found.at(-1)!)}`;
  return `${who} said before: ${found.slice(-5).map(quote).join(', ')}`;
}

function nameIn(texts: readonly string[]): string {
  for (const text of texts.toReversed()) {
    const name = /\b(?:my name is|I am called|call me)\s+([\p{L}\p{M}'-]+)/iu.exec(text)?.[1];
    if (name) return `Your name is ${name}: you told me.`;
  }
  return 'You have not told me your name in what I can see of this conversation.';
}

const greetings = ['Hello!', 'Good to see you.', 'Welcome.'];

/** The text that the request and the seed alone decide. */
export function offlineAnswer(request: ChatRequest, seed: number): string {
  const at = request.messages.findLastIndex((message) => message.role === 'user');
  const question = at === -1 ? '' : textOf(request.messages[at]!).trim();
  const text = reply(question, request.messages.slice(0, Math.max(at, 0)), seed);
  return request.responseFormat && request.responseFormat.type !== 'text'
    ? JSON.stringify({ answer: text })
    : text;
}

function reply(question: string, earlier: readonly ChatMessage[], seed: number): string {
  if (question === '') return limits;
  const remembered = recall(question, earlier);
  if (remembered !== undefined) return remembered;
  const solved = solveSum(question);
  if (solved) return `${solved.sum} = ${solved.value}`;
  if (/^(?:hi|hello|hey|good (?:morning|day|evening))\b/i.test(question)) {
    return `${greetings[seed % greetings.length]} ${limits}`;
  }
  return `You said ${quote(question)}. ${limits}`;
}
