import { sanitizeText } from '@kortana/validation';
import type { ChatMessage } from '../chat-model.ts';

/** So much of a message is quoted. */
const longestQuote = 200;

export const quote = (text: string): string =>
  text.length > longestQuote
    ? `“${sanitizeText(text.slice(0, 2 * longestQuote), { maxLength: longestQuote })}…”`
    : `“${text}”`;

export const textOf = ({ content }: ChatMessage): string =>
  typeof content === 'string'
    ? content
    : content.map((part) => (part.type === 'text' ? part.text : '[image]')).join(' ');
