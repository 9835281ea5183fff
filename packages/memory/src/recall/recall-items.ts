import type { Fact } from '../memory-store.ts';
import { textTokens } from '../text/estimate-tokens.ts';
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

// A turn is longer than what is looked for in it; a few must fit.
const longestText = 1_500;

/** Facts first, then what was found, as long as the budget lasts. */
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
  let left = budgetTokens;
  return candidates.filter(({ text }) => {
    const tokens = textTokens(text);
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
