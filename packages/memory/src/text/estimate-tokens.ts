import type { ChatMessage } from '../chat-message.ts';
import { messageText } from './message-text.ts';

const perMessage = 4;
const perImage = 800;

/**
 * About how many tokens messages take, on the high side for prose, on the low side for code and
 * digits: 4 ASCII characters a token, one token for each other character, 4 for the frame of a
 * message, 800 an image. No tokenizer is asked: each model has its own, and a budget is a round
 * number anyway.
 */
export function estimateTokens(messages: readonly ChatMessage[]): number {
  return messages.reduce((sum, message) => sum + tokensOf(message), 0);
}

function tokensOf(message: ChatMessage): number {
  const images = Array.isArray(message.content)
    ? message.content.filter(({ type }) => type === 'image').length
    : 0;
  const calls = message.role === 'assistant' ? (message.toolCalls ?? []) : [];
  const called = calls.map(({ name, arguments: args }) => name + args).join('');
  return perMessage + images * perImage + textTokens(messageText(message) + called);
}

/** The same for a plain text. */
export function textTokens(text: string): number {
  // Most texts are looked at no closer: this is on the way of every turn.
  if (!beyondAscii.test(text)) return Math.ceil(text.length / 4);
  const ascii = text.replaceAll(allBeyondAscii, '').length;
  return Math.ceil(ascii / 4) + (text.length - ascii);
}

// oxlint-disable-next-line no-control-regex
const beyondAscii = /[^\u0000-\u007f]/;
// oxlint-disable-next-line no-control-regex
const allBeyondAscii = /[^\u0000-\u007f]+/g;
