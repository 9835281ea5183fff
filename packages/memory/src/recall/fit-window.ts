import type { ChatMessage } from '../chat-message.ts';
import type { WindowLimits } from '../memory-store.ts';
import { onceEach } from '../once-each.ts';
import { cutToTokens } from '../text/cut-to-tokens.ts';
import { estimateTokens } from '../text/estimate-tokens.ts';
import { messageText } from '../text/message-text.ts';
import { toolGroups } from '../text/tool-groups.ts';
import type { StoredTurn } from '../turn.ts';

/**
 * The newest whole turns within the limits, oldest first. When the newest one alone is too much,
 * what it begins with (the question; cut, should that alone be too much) and its newest messages are
 * kept as far as they fit, tool calls and results together. Takes no more from `newestFirst` than it
 * needs.
 */
export function fitWindow(newestFirst: Iterable<StoredTurn>, limits: WindowLimits): StoredTurn[] {
  const kept: StoredTurn[] = [];
  let { maxTokens, maxMessages } = limits;
  for (const turn of newestFirst) {
    maxTokens -= tokensOf(turn);
    maxMessages -= turn.messages.length;
    if (maxTokens < 0 || maxMessages < 0) return kept.length > 0 ? kept : shorten(turn, limits);
    kept.unshift(turn);
  }
  return kept;
}

/** The same turns are fitted again with each that comes. */
const tokensOf = onceEach((turn: StoredTurn) => estimateTokens(turn.messages));

function shorten(turn: StoredTurn, limits: WindowLimits): StoredTurn[] {
  const [first = [], ...rest] = toolGroups(turn.messages);
  const question = fits(first, limits) ? first : cut(first, Math.floor(limits.maxTokens / 2));
  let messages: ChatMessage[] = [];
  for (let from = rest.length; from >= 0; from--) {
    const more = [...question, ...rest.slice(from).flat()];
    if (!fits(more, limits)) break;
    messages = more;
  }
  return messages.length === 0 ? [] : [{ ...turn, messages }];
}

/** A message in so many tokens, its text cut; nothing where no text is left, or calls hang on it. */
function cut(group: ChatMessage[], maxTokens: number): ChatMessage[] {
  const [message] = group;
  if (group.length !== 1 || message === undefined) return [];
  const tokens = maxTokens - estimateTokens([{ ...message, content: '' }]);
  if (tokens < 2) return [];
  return [{ ...message, content: cutToTokens(messageText(message), tokens) }];
}

function fits(messages: ChatMessage[], limits: WindowLimits): boolean {
  return messages.length <= limits.maxMessages && estimateTokens(messages) <= limits.maxTokens;
}
