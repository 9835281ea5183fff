import type { ChatMessage, ChatRequest } from '../chat-model.ts';
import { solveSum } from './arithmetic.ts';
import { answerFromPast } from './past.ts';
import { quote, textOf } from './quote.ts';

const limits =
  'I am the offline model, not a language model: just a few rules. I can do sums and quote what was said in this conversation. For real answers set OPENAI_API_KEY.';

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
  const fromPast = answerFromPast(question, earlier);
  if (fromPast !== undefined) return fromPast;
  const solved = solveSum(question);
  if (solved) return `${solved.sum} = ${solved.value}`;
  if (/^(?:hi|hello|hey|good (?:morning|day|evening))\b/i.test(question)) {
    return `${greetings[seed % greetings.length]} ${limits}`;
  }
  return `You said ${quote(question)}. ${limits}`;
}
