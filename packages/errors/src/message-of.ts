import { look } from './look.ts';
import { maskText } from './masking/mask-text.ts';

const longest = 4096;

/** What an error says in words for people, secrets masked: its own, its children's, or `orElse`. */
export function messageOf(error: unknown, orElse?: string): string {
  const words = ownMessage(error) ?? messagesOfChildren(error);
  return words === undefined ? (orElse ?? nameOf(error)) : maskText(words.slice(0, longest));
}

/** A text may be thrown instead of an error. */
function ownMessage(error: unknown): string | undefined {
  return typeof error === 'string' && error !== '' ? error : look(error).message;
}

function messagesOfChildren(error: unknown): string | undefined {
  const messages = look(error)
    .errors?.map(ownMessage)
    .filter((words) => words !== undefined);
  return messages?.join('; ') || undefined;
}

/** For what says nothing. */
function nameOf(error: unknown): string {
  if (typeof error === 'function' || error === '') return 'Unknown error';
  if (typeof error === 'object' && error !== null) return look(error).name ?? 'Unknown error';
  return `Unknown error (${String(error)})`;
}
