import type { WindowLimits } from '../memory-store.ts';
import { estimateTokens } from '../text/estimate-tokens.ts';
import { toolGroups } from '../text/tool-groups.ts';
import type { StoredTurn } from '../turn.ts';

/**
 * The newest whole turns within the limits, oldest first. When the newest one alone is too much,
 * what it begins with (the question) and its newest messages are kept as far as they fit, tool
 * calls and results together. Takes no more from `newestFirst` than it needs.
 */
export function fitWindow(newestFirst: Iterable<StoredTurn>, limits: WindowLimits): StoredTurn[] {
  const kept: StoredTurn[] = [];
  let { maxTokens, maxMessages } = limits;
  for (const turn of newestFirst) {
    maxTokens -= estimateTokens(turn.messages);
    maxMessages -= turn.messages.length;
    if (maxTokens < 0 || maxMessages < 0) return kept.length > 0 ? kept : shorten(turn, limits);
    kept.unshift(turn);
  }
  return kept;
}

function shorten(turn: StoredTurn, limits: WindowLimits): StoredTurn[] {
  const [question, ...rest] = toolGroups(turn.messages);
  if (question === undefined || !fits(question, limits)) return [];
  let messages = question;
  for (let from = rest.length - 1; from >= 0; from--) {
    const more = [...question, ...rest.slice(from).flat()];
    if (!fits(more, limits)) break;
    messages = more;
  }
  return [{ ...turn, messages }];
}

function fits(messages: StoredTurn['messages'], limits: WindowLimits): boolean {
  return messages.length <= limits.maxMessages && estimateTokens(messages) <= limits.maxTokens;
}
