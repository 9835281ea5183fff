import type { Fact } from '../memory-store.ts';
import { estimateTokens, textTokens } from '../text/estimate-tokens.ts';
import { contextLine, recalledContext } from '../text/recalled-context.ts';
import { turnText } from '../text/turn-text.ts';
import type { Found } from './fuse.ts';

export interface RecallItem {
  /** Of the fact, or of the turn within its session. */
  id: string;
  text: string;
  /** A fact the user wanted remembered, or how a turn was found. */
  why: 'pinned' | Found['why'];
  /** 0 to 1, best first. */
  score: number;
  /** When it was said, in milliseconds since 1970. */
  at: number;
  /** Where it was said; absent for facts. */
  sessionId?: string;
}

/** Facts and found turns together get no more of the budget than this. */
const share = 0.25;
// A turn is longer than what is looked for in it; a few must fit.
const longestText = 1_500;

/** What a context takes without items. */
const frameTokens = estimateTokens([recalledContext([])]);

/** What the items take as `recalledContext` shows them. */
export function itemTokens(items: readonly RecallItem[]): number {
  return items.reduce((sum, item) => sum + lineTokens(item), items.length && frameTokens);
}

function lineTokens(item: RecallItem): number {
  return textTokens(`${contextLine(item)}\n`);
}

/** Facts first, then what was found, as long as their share of the budget lasts. */
export function recallItems(facts: Fact[], found: Found[], budgetTokens: number): RecallItem[] {
  const candidates: RecallItem[] = [
    ...facts.map(({ id, text, at }) => ({ id, text, why: 'pinned' as const, score: 1, at })),
    ...found.map(({ turn, why, score }) => ({
      id: turn.id,
      text: cut(turnText(turn)),
      why,
      score,
      at: turn.at,
      sessionId: turn.sessionId,
    })),
  ];
  let left = Math.min(Math.floor(budgetTokens * share), budgetTokens - frameTokens);
  return candidates.filter((item) => {
    const tokens = lineTokens(item);
    if (tokens > left) return false;
    left -= tokens;
    return true;
  });
}

function cut(text: string): string {
  return text.length <= longestText
    ? text
    : `${text.slice(0, longestText).replace(/[\ud800-\udbff]$/, '')}…`;
}
