import { checkNumber, checkObject, checkOneOf, checkString } from '@kortana/errors';
import type { ChatMessage } from './chat-message.ts';
import type { Turn } from './turn.ts';

const roles = ['system', 'user', 'assistant', 'tool'] as const;
const kinds = ['answer', 'partial', 'apology', 'fallback', 'filtered'] as const;

/** Throws a TypeError or RangeError that names what is wrong with the turn. */
export function checkTurn(turn: Turn): void {
  checkObject('turn', turn);
  checkId('sessionId', turn.sessionId);
  if (turn.userId !== undefined) checkId('userId', turn.userId);
  if (turn.at !== undefined) checkNumber('at', turn.at, { min: 0, max: 8.64e15 });
  if (turn.kind !== undefined) checkOneOf('kind', turn.kind, kinds);
  if (!Array.isArray(turn.messages)) throw new TypeError('Expected `messages` to be an array');
  // Not by forEach, which passes over holes.
  for (const [index, message] of turn.messages.entries()) checkMessage(message, index);
}

/**
 * A name of a session, user, turn or fact: any text that no store must change to keep it, as two
 * names might become one.
 */
export function checkId(name: string, value: unknown): string {
  const id = checkFilled(name, value);
  if (id.isWellFormed() && !id.includes('\0')) return id;
  throw new RangeError(`Expected \`${name}\` to be well-formed text without NUL`);
}

export function checkFilled(name: string, value: unknown): string {
  const text = checkString(name, value);
  if (text === '') throw new RangeError(`Expected \`${name}\` not to be empty`);
  return text;
}

function checkMessage(message: ChatMessage, index: number): void {
  const name = `messages[${index}]`;
  checkObject(name, message);
  checkOneOf(`${name}.role`, message.role, roles);
  if (message.role === 'tool') checkString(`${name}.toolCallId`, message.toolCallId);
  if (message.role === 'assistant') message.toolCalls?.forEach(checkCall);
  if (message.role !== 'user' || !Array.isArray(message.content)) {
    checkString(`${name}.content`, message.content);
    return;
  }
  for (const part of message.content) {
    if (part.type === 'text') checkString(`${name}.content.text`, part.text);
    else checkString(`${name}.content.url`, part.url);
  }
}

function checkCall(call: { id: string; name: string; arguments: string }): void {
  checkString('toolCalls.id', call.id);
  checkString('toolCalls.name', call.name);
  checkString('toolCalls.arguments', call.arguments);
}
