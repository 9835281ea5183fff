import { randomFrom, zipfWords } from './text.ts';

export const turns = 50_000;
const sessions = 500;
const users = 50;

/** Whose the i-th turn is. */
export const place = (i: number) => [`s${i % sessions}`, `u${(i % sessions) % users}`] as const;

/** Turns of two messages with 60 words each, others for each seed. */
export function talk(seed: number) {
  const words = zipfWords(randomFrom(seed));
  const turn = (sessionId: string, userId?: string) => ({
    sessionId,
    userId,
    messages: [
      { role: 'user' as const, content: words(60) },
      { role: 'assistant' as const, content: words(60) },
    ],
  });
  return { words, turn };
}
